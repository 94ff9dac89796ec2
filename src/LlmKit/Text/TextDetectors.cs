using LlmKit.Text.Detectors;
using LlmKit.Text.Detectors.Addresses;
using LlmKit.Text.Detectors.Crypto;
using LlmKit.Text.Locales;
using LlmKit.Text.Locales.Americas;
using LlmKit.Text.Secrets;

namespace LlmKit.Text;

/// <summary>The built-in detectors.</summary>
/// <remarks>Every detector is immutable and thread-safe, works on UTF-16 as it stands, and takes time linear in the text.</remarks>
public static partial class TextDetectors
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
    public static ISpanDetector UsSocialSecurityNumber => UnitedStates.SocialSecurityNumber;

    /// <summary>IP addresses, entity <c>IP</c>: both versions, with zone and prefix length; short or wordlike ones such as <c>::</c> score low.</summary>
    public static ISpanDetector IpAddress { get; } = new IpAddressDetector();

    /// <summary>Addresses of Bitcoin and Ethereum, entity <c>CRYPTO</c>: Base58Check, bech32, bech32m, EIP-55.</summary>
    public static ISpanDetector CryptoAddress { get; } = new CryptoAddressDetector();

    /// <summary>Addresses of network cards, entity <c>MAC</c>. Not part of <see cref="PersonalData"/>.</summary>
    public static ISpanDetector MacAddress { get; } = Detectors.Addresses.MacAddress.Detector;

    /// <summary>URLs with a scheme, and bare hosts, entity <c>URL</c>; of a longer one the first 512 characters. Not part of <see cref="PersonalData"/>.</summary>
    public static ISpanDetector Url { get; } = new UrlDetector();

    /// <summary>Dates in digits or with an English month, entity <c>DATE</c>: of birth or of anything else. Not part of <see cref="PersonalData"/>.</summary>
    public static ISpanDetector Date => WrittenDate.Detector;

    /// <summary>API keys, tokens, private keys and passwords in URLs, entity <c>SECRET</c>; the rule names the issuer.</summary>
    public static ISpanDetector Secrets { get; } = new SecretDetector();

    /// <summary>The personal data that a default rail redacts; of other national identifiers see <see cref="Locale"/>.</summary>
    public static IReadOnlyList<ISpanDetector> PersonalData { get; } =
        [Email, PaymentCard, Iban, Phone, UsSocialSecurityNumber, IpAddress, CryptoAddress];

    /// <summary>A list of terms, found as whole words and whatever their case.</summary>
    /// <param name="terms">The terms; thousands are fine. White space at their ends is ignored, and empty terms are.</param>
    /// <param name="rule">The name of the rule; default: <c>term</c>.</param>
    /// <param name="entity">The kind, in upper case; default: <c>TERM</c>.</param>
    /// <returns>The detector.</returns>
    /// <exception cref="ArgumentNullException">An argument or a term is null.</exception>
    public static ISpanDetector Terms(IEnumerable<string> terms, string rule = "term", string entity = "TERM") =>
        new TermDetector(terms, rule, entity);

    /// <summary>The countries of which the national identifiers are known, as codes of ISO 3166-1.</summary>
    public static IReadOnlyList<string> Locales => LocalePacks.Countries;

    /// <summary>The identifiers of one country: of persons, of companies, of documents and of vehicles.</summary>
    /// <remarks>
    /// One detector an entity, named after it: <c>us-npi</c> finds <c>US_NPI</c>. A checksum that one number in a hundred passes by
    /// chance, or a telling shape, gives a medium score or a high one. Everything else scores low, which a redactor ignores by default,
    /// until a word such as <c>passport</c> stands within 40 characters before it.
    /// </remarks>
    /// <param name="country">A code of <see cref="Locales"/>, in any case; <c>UK</c> is taken for <c>GB</c>.</param>
    /// <returns>The detectors; the same at every call.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="country"/> is null.</exception>
    /// <exception cref="ArgumentException">There is no pack of that country.</exception>
    public static IReadOnlyList<ISpanDetector> Locale(string country)
    {
        ArgumentNullException.ThrowIfNull(country);
        return LocalePacks.Find(country).Detectors;
    }

    /// <summary>An identifier of one's own, by its shapes, their checksums and the words that stand before them.</summary>
    /// <remarks>It streams as exactly as the built-in ones and takes linear time by construction. Shapes with a digit are the fastest.</remarks>
    /// <param name="entity">The kind, in upper case, such as <c>MEMBER_ID</c>; the rule of its matches is <c>member-id</c>.</param>
    /// <param name="rules">The shapes, one or more; of several that fit, the one with the highest score wins, then the longest.</param>
    /// <returns>The detector.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ArgumentException">The entity is empty, there is no rule, or a pattern or a context word is malformed.</exception>
    public static ISpanDetector Identifier(string entity, params IReadOnlyList<IdentifierRule> rules) => new IdentifierDetector(entity, rules);
}
