using LlmKit.Text;

namespace Evaluate;

/// <summary>The detectors by the names that files of labelled texts give their entities.</summary>
internal static class EntityDetectors
{
    private static readonly Dictionary<string, ISpanDetector> s_byEntity = new()
    {
        ["EMAIL_ADDRESS"] = TextDetectors.Email,
        ["CREDIT_CARD"] = TextDetectors.PaymentCard,
        ["IBAN_CODE"] = TextDetectors.Iban,
        ["PHONE_NUMBER"] = TextDetectors.Phone,
        ["IP_ADDRESS"] = TextDetectors.IpAddress,
        ["CRYPTO"] = TextDetectors.CryptoAddress,
        ["MAC_ADDRESS"] = TextDetectors.MacAddress,
        ["URL"] = TextDetectors.Url,
        ["DATE_TIME"] = TextDetectors.Date,
        ["US_SSN"] = TextDetectors.UsSocialSecurityNumber,
    };

    /// <summary>National identifiers that have a name of their own in LlmKit.</summary>
    private static readonly Dictionary<string, string> s_names = new()
    {
        ["ABA_ROUTING_NUMBER"] = "US_ABA_ROUTING",
        ["DE_BSNR"] = "DE_PRACTICE",
        ["DE_FUEHRERSCHEIN"] = "DE_DRIVING_LICENCE",
        ["DE_HANDELSREGISTER"] = "DE_COMMERCIAL_REGISTER",
        ["DE_KFZ"] = "DE_VEHICLE_REGISTRATION",
        ["DE_LANR"] = "DE_PHYSICIAN",
        ["DE_PLZ"] = "DE_POSTAL_CODE",
        ["MEDICAL_LICENSE"] = "US_DEA",
        ["US_BANK_NUMBER"] = "US_BANK_ACCOUNT",
    };

    /// <summary>The detector of an entity, or null if none covers it.</summary>
    public static ISpanDetector? Find(string entity)
    {
        if (s_byEntity.TryGetValue(entity, out var detector))
            return detector;
        var name = s_names.GetValueOrDefault(entity, entity).ToLowerInvariant().Replace('_', '-');
        return TextDetectors.Locales.SelectMany(TextDetectors.Locale).FirstOrDefault(candidate => candidate.Name == name);
    }

    /// <summary>The least score at which a match of an entity counts.</summary>
    /// <remarks>
    /// What the default rail redacts is judged as the rail does it, at a medium score. The rest is judged from a low score on: its rows
    /// are mostly bare identifiers, without the word that explains them and lifts a match to medium.
    /// </remarks>
    public static DetectionScore MinScore(ISpanDetector detector) =>
        TextDetectors.PersonalData.Contains(detector) ? DetectionScore.Medium : DetectionScore.Low;
}
