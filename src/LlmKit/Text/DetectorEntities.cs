using LlmKit.Text.Detectors;
using LlmKit.Text.Detectors.Addresses;
using LlmKit.Text.Detectors.Crypto;
using LlmKit.Text.Encoded;
using LlmKit.Text.Exfiltration;
using LlmKit.Text.Hidden;
using LlmKit.Text.Locales;
using LlmKit.Text.Patterns;
using LlmKit.Text.Secrets;

namespace LlmKit.Text;

/// <summary>What kinds of things detectors find, as far as they are ours.</summary>
internal static class DetectorEntities
{
    /// <summary>Gives the entities of a detector's matches; <see langword="null"/> when that is not known.</summary>
    public static IReadOnlyList<string>? Of(ISpanDetector detector) => detector switch
    {
        EmailDetector => ["EMAIL"],
        PaymentCardDetector => ["CARD"],
        IbanDetector => ["IBAN"],
        PhoneDetector => ["PHONE"],
        IpAddressDetector => ["IP"],
        CryptoAddressDetector => ["CRYPTO"],
        UrlDetector => ["URL"],
        SecretDetector => ["SECRET"],
        HiddenTextDetector => ["HIDDEN"],
        ExfiltrationDetector => ["LINK"],
        TermDetector terms => [terms.Entity],
        IdentifierDetector identifier => [identifier.Entity],
        PatternDetector pattern => [pattern.Entity],
        EncodedDetector encoded => OfAll(encoded.Inside),
        _ => null,
    };

    /// <summary>Gives the entities of several detectors; <see langword="null"/> when those of one are not known.</summary>
    public static IReadOnlyList<string>? OfAll(IEnumerable<ISpanDetector> detectors)
    {
        var entities = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var detector in detectors)
        {
            if (Of(detector) is not { } own)
                return null;
            entities.UnionWith(own);
        }

        return [.. entities];
    }
}
