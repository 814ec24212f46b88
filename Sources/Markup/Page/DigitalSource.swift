/// Who wrote a text, in the words of the IPTC digital source type vocabulary that schema.org took over.
public enum DigitalSource: Sendable {
  /// People; nothing is marked.
  case people
  /// A rule or a template, filled without a trained model.
  case algorithm
  /// A trained model.
  case trainedModel
  /// People and a trained model together.
  case composite

  /// The name in schema.org's `IPTCDigitalSourceEnumeration`.
  public var schemaURL: StaticString? {
    switch self {
    case .people: nil
    case .algorithm: "https://schema.org/AlgorithmicMediaDigitalSource"
    case .trainedModel: "https://schema.org/TrainedAlgorithmicMediaDigitalSource"
    case .composite: "https://schema.org/CompositeWithTrainedAlgorithmicMediaDigitalSource"
    }
  }

  /// The name in the IPTC's own vocabulary.
  public var newsCode: StaticString? {
    switch self {
    case .people: nil
    case .algorithm: "http://cv.iptc.org/newscodes/digitalsourcetype/algorithmicMedia"
    case .trainedModel: "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia"
    case .composite: "http://cv.iptc.org/newscodes/digitalsourcetype/compositeWithTrainedAlgorithmicMedia"
    }
  }
}
