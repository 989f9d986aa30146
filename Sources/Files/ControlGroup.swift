/// A Linux control group that a process is in, in one hierarchy.
package struct ControlGroup {
  /// Whether it is of the single hierarchy of version 2, where a controller's files are in its folder.
  package let isVersion2: Bool
  /// The controllers of the hierarchy, separated by commas; empty in version 2.
  package let controllers: Substring
  /// The components of its path from the root of the hierarchy.
  package let components: [Substring]

  /// The groups of a process that can have a controller.
  /// - Parameter text: the contents of /proc/self/cgroup, `id:controllers:path` in each line. Version 2
  ///   is hierarchy 0 and has no list of controllers.
  package static func all(in text: String?, controlling controller: String) -> [ControlGroup] {
    (text ?? "").split(whereSeparator: \.isNewline).compactMap { line in
      let fields = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
      guard fields.count == 3 else { return nil }
      let isVersion2 = fields[0] == "0" && fields[1].isEmpty
      if !isVersion2, !fields[1].split(separator: ",").contains(controller[...]) { return nil }
      return ControlGroup(
        isVersion2: isVersion2, controllers: fields[1], components: fields[2].split(separator: "/"))
    }
  }

  /// The paths of a group and of all that contain it, the root, which is empty, first.
  package static func paths(of components: [Substring]) -> [String] {
    (0...components.count).map { components.prefix($0).map { "/" + $0 }.joined() }
  }
}
