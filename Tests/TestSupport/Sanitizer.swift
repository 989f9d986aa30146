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
  /// What a test says that measures memory or bounds memory or files, which are the sanitizer's too.
  public static let comment = "a sanitizer's own memory and files would be measured or bounded"
  /// What a test says that cannot make less text of a real model.
  public static let realModelComment =
    "in ThreadSanitizer a pass of a real model takes a hundred times as long"

  private static func isLinked(_ function: String) -> Bool {
    dlsym(dlopen(nil, RTLD_NOW), function) != nil
  }
}
