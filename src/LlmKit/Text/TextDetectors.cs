using LlmKit.Text.Detectors;
using LlmKit.Text.Secrets;

namespace LlmKit.Text;

/// <summary>The built-in detectors.</summary>
/// <remarks>Every detector is immutable and thread-safe, works on UTF-16 as it stands, and takes time linear in the text.</remarks>
public static class TextDetectors
{
    /// <summary>E-mail addresses, entity <c>EMAIL</c>: the dot-atom form of RFC 5321 with a domain of two labels or more.</summary>
    public static ISpanDetector Email { get; } = new EmailDetector();

    /// <summary>Payment card numbers, entity <c>CARD</c>: a known issuer range (ISO/IEC 7812), its length, and the Luhn checksum.</summary>
    public static ISpanDetector PaymentCard { get; } = new PaymentCardDetector();

    /// <summary>International bank account numbers, entity <c>IBAN</c>: ISO 13616 structure of the country and remainder 1 modulo 97.</summary>
    public static ISpanDetector Iban { get; } = new IbanDetector();

    /// <summary>Telephone numbers, entity <c>PHONE</c>: E.164 with a plus sign, North American numbers, national ones behind a telling word.</summary>
    public static ISpanDetector Phone { get; } = new PhoneDetector();

    /// <summary>Social security numbers of the United States, entity <c>US_SSN</c>, by the rules of the Social Security Administration.</summary>
    public static ISpanDetector UsSocialSecurityNumber { get; } = new UsSocialSecurityDetector();

    /// <summary>API keys, tokens, private keys and passwords in URLs, entity <c>SECRET</c>; the rule names the issuer.</summary>
    public static ISpanDetector Secrets { get; } = new SecretDetector();

    /// <summary>Every detector of personal data: all but <see cref="Secrets"/>.</summary>
    public static IReadOnlyList<ISpanDetector> PersonalData { get; } = [Email, PaymentCard, Iban, Phone, UsSocialSecurityNumber];

    /// <summary>A list of terms, found as whole words and whatever their case.</summary>
    /// <param name="terms">The terms; thousands are fine. White space at their ends is ignored, and empty terms are.</param>
    /// <param name="rule">The name of the rule; default: <c>term</c>.</param>
    /// <param name="entity">The kind, in upper case; default: <c>TERM</c>.</param>
    /// <returns>The detector.</returns>
    /// <exception cref="ArgumentNullException">An argument or a term is null.</exception>
    public static ISpanDetector Terms(IEnumerable<string> terms, string rule = "term", string entity = "TERM") =>
        new TermDetector(terms, rule, entity);
}
