/// What can be wrong with a row or a field of an input.
public enum DirtKind: UInt8, Sendable, CaseIterable {
  // Rejected: the row makes no record.
  case emptyRow, rowTooLong, unclosedQuote, tooManyCells, truncated, invalidUTF8, invalidJSON, notAnObject
  case missingID, missingName, missingUser, missingProduct, negativeQuantity, negativePrice, duplicateID, duplicateRow
  // Repaired: the record holds a mended value.
  case notUTF8, byteOrderMark, nulByte, controlCharacter, outerBlanks, innerBlanks, htmlTags, htmlEntities, mojibake
  case flattenedTable, decimalID, letterCase, unsafeSlug, paddedGTIN, hashNotation, numberWithWords, plainDate
  case repeatedText
  // Noted: the field is left out, or stays as it is.
  case missingDescription, missingBrand, missingCategory, missingImage, missingPrice
  case priceNotPositive, unreadablePrice, priceWithoutCurrency, currencyMismatch, salePriceNotLower
  case wrongCheckDigit, severalGTINs, insecureLink, unsafeLink, unknownWord, unreadableNumber, unreadableValue
  case excludedValue, outOfRange, tooFewCells, noSeparator
  case allCapitals, priceInText, tableInText, otherLanguage, repeatedName, repeatedDescription
  case cancellation, zeroQuantity, zeroPrice

  /// What became of the row or the field.
  public enum Outcome: String, Sendable, CaseIterable {
    /// The row made no record.
    case rejected
    /// The value was mended.
    case repaired
    /// The value was left out, or stands as it was.
    case noted
  }

  /// What becomes of it.
  public var outcome: Outcome {
    if rawValue <= DirtKind.duplicateRow.rawValue { return .rejected }
    return rawValue <= DirtKind.repeatedText.rawValue ? .repaired : .noted
  }

  /// The kind in words, as reports print it.
  public var name: String {
    switch self {
    case .emptyRow: "empty row"
    case .rowTooLong: "row too long"
    case .unclosedQuote: "unclosed quote"
    case .tooManyCells: "too many cells"
    case .truncated: "truncated row"
    case .invalidUTF8: "invalid UTF-8"
    case .invalidJSON: "invalid JSON"
    case .notAnObject: "not an object"
    case .missingID: "missing id"
    case .missingName: "missing name"
    case .missingUser: "missing user"
    case .missingProduct: "missing product"
    case .negativeQuantity: "negative quantity"
    case .negativePrice: "negative price"
    case .duplicateID: "duplicate id"
    case .duplicateRow: "duplicate row"
    case .notUTF8: "not UTF-8"
    case .byteOrderMark: "byte order mark"
    case .nulByte: "NUL byte"
    case .controlCharacter: "control character"
    case .outerBlanks: "outer blanks"
    case .innerBlanks: "inner blanks"
    case .htmlTags: "HTML tags"
    case .htmlEntities: "HTML entities"
    case .mojibake: "mojibake"
    case .flattenedTable: "flattened table"
    case .decimalID: "id written as a decimal"
    case .letterCase: "letter case"
    case .unsafeSlug: "unsafe slug"
    case .paddedGTIN: "gtin without its zeros"
    case .hashNotation: "hash notation"
    case .numberWithWords: "number with words"
    case .plainDate: "date without separators"
    case .repeatedText: "description repeats another field"
    case .missingDescription: "missing description"
    case .missingBrand: "missing brand"
    case .missingCategory: "missing category"
    case .missingImage: "missing image"
    case .missingPrice: "missing price"
    case .priceNotPositive: "price not positive"
    case .unreadablePrice: "unreadable price"
    case .priceWithoutCurrency: "price without currency"
    case .currencyMismatch: "currency mismatch"
    case .salePriceNotLower: "sale price not lower"
    case .wrongCheckDigit: "wrong check digit"
    case .severalGTINs: "several gtins"
    case .insecureLink: "insecure link"
    case .unsafeLink: "unsafe link"
    case .unknownWord: "unknown word"
    case .unreadableNumber: "unreadable number"
    case .unreadableValue: "unreadable value"
    case .excludedValue: "excluded value"
    case .outOfRange: "out of range"
    case .tooFewCells: "too few cells"
    case .noSeparator: "no separator"
    case .allCapitals: "all capitals"
    case .priceInText: "price in text"
    case .tableInText: "table in text"
    case .otherLanguage: "other language"
    case .repeatedName: "repeated name"
    case .repeatedDescription: "repeated description"
    case .cancellation: "cancellation"
    case .zeroQuantity: "zero quantity"
    case .zeroPrice: "zero price"
    }
  }
}
