namespace LlmKit.Text.Encoded;

/// <summary>How a blob is encoded.</summary>
internal enum BlobKind
{
    /// <summary>Base64 or base64url (RFC 4648), hexadecimal if all of it is.</summary>
    Letters,

    /// <summary>Percent-encoding (RFC 3986).</summary>
    Percent,
}
