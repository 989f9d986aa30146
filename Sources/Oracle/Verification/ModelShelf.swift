import Llama

/// The models that are loaded: that of the reference, and the last other one.
struct ModelShelf<Model: CausalLanguageModel> {
  private let make: (ExecutionSetting) throws -> Model
  private var reference: Model?
  private var other: (execution: ExecutionSetting, model: Model)?

  init(make: @escaping (ExecutionSetting) throws -> Model) { self.make = make }

  mutating func model(for execution: ExecutionSetting) throws -> Model {
    if execution == ExecutionSetting() {
      if let reference { return reference }
      let model = try make(execution)
      reference = model
      return model
    }
    if let other, other.execution == execution { return other.model }
    // Its memory first.
    other = nil
    let model = try make(execution)
    other = (execution, model)
    return model
  }
}
