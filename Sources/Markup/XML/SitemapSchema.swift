/// The sitemap protocol (sitemaps.org, version 0.9) as XML Schema: a sitemap, or an index of sitemaps.
///
/// Written from the protocol's text. Elements of other namespaces, for languages and pictures, may follow those of the
/// protocol and are not looked into.
public enum SitemapSchema {
  /// The schema's text.
  public static let text: StaticString = """
    <xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"
      targetNamespace="http://www.sitemaps.org/schemas/sitemap/0.9" elementFormDefault="qualified">
      <xs:element name="urlset">
        <xs:complexType>
          <xs:sequence><xs:element name="url" type="page" maxOccurs="50000"/></xs:sequence>
        </xs:complexType>
      </xs:element>
      <xs:element name="sitemapindex">
        <xs:complexType>
          <xs:sequence>
            <xs:element name="sitemap" maxOccurs="50000">
              <xs:complexType>
                <xs:sequence>
                  <xs:element name="loc" type="address"/>
                  <xs:element name="lastmod" type="moment" minOccurs="0"/>
                </xs:sequence>
              </xs:complexType>
            </xs:element>
          </xs:sequence>
        </xs:complexType>
      </xs:element>
      <xs:complexType name="page">
        <xs:sequence>
          <xs:element name="loc" type="address"/>
          <xs:element name="lastmod" type="moment" minOccurs="0"/>
          <xs:element name="changefreq" type="frequency" minOccurs="0"/>
          <xs:element name="priority" type="share" minOccurs="0"/>
          <xs:any namespace="##other" processContents="skip" minOccurs="0" maxOccurs="unbounded"/>
        </xs:sequence>
      </xs:complexType>
      <xs:simpleType name="address">
        <xs:restriction base="xs:anyURI">
          <xs:minLength value="12"/>
          <xs:maxLength value="2048"/>
          <xs:pattern value="https?://[^\\s&lt;&gt;]+"/>
        </xs:restriction>
      </xs:simpleType>
      <xs:simpleType name="moment"><xs:union memberTypes="xs:date xs:dateTime xs:gYearMonth xs:gYear"/></xs:simpleType>
      <xs:simpleType name="share">
        <xs:restriction base="xs:decimal"><xs:minInclusive value="0"/><xs:maxInclusive value="1"/></xs:restriction>
      </xs:simpleType>
      <xs:simpleType name="frequency">
        <xs:restriction base="xs:string">
          <xs:enumeration value="always"/><xs:enumeration value="hourly"/><xs:enumeration value="daily"/>
          <xs:enumeration value="weekly"/><xs:enumeration value="monthly"/><xs:enumeration value="yearly"/>
          <xs:enumeration value="never"/>
        </xs:restriction>
      </xs:simpleType>
    </xs:schema>
    """
}
