import Foundation

/// AddressSanitizer and ThreadSanitizer, under which `make test-sanitizers` runs the tests.
public enum Sanitizer {
  /// Whether the tests were built with one: its library is part of the process then.
  public static let isActive = isLinked("__asan_init") || isOfThreads
  /// Whether it is ThreadSanitizer, which looks at every element that a kernel reads: a pass of a real
  /// model takes a hundred times as long, so that tests of it make less text.
  public static let isOfThreads = isLinked("__tsan_init")
  /// How many times as long a test must wait for a program to get somewhere.
  public static let patience: Double = isActive ? 5 : 1
  /// The comment of tests that measure memory or limit memory or files, which the sanitizer uses too.
  public static let comment = "a sanitizer's own memory and files would be measured or bounded"
  /// The comment of tests that cannot generate less text with a real model.
  public static let realModelComment =
    "in ThreadSanitizer a pass of a real model takes a hundred times as long"

  private static func isLinked(_ function: String) -> Bool {
    dlsym(dlopen(nil, RTLD_NOW), function) != nil
  }
}
