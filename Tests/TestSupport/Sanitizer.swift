import Foundation

/// AddressSanitizer and ThreadSanitizer, under which `make test-sanitizers` runs the tests.
public enum Sanitizer {
  /// Whether the tests were built with one: its library is part of the process then.
  public static let isActive: Bool = {
    let process = dlopen(nil, RTLD_NOW)
    return ["__asan_init", "__tsan_init"].contains { (name: String) in dlsym(process, name) != nil }
  }()
  /// How many times as long a test must wait for a program to get somewhere.
  public static let patience: Double = isActive ? 5 : 1
  /// What a test says that measures memory or bounds memory or files, which are the sanitizer's too.
  public static let comment = "a sanitizer's own memory and files would be measured or bounded"
}
