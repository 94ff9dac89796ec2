namespace LlmKit.Control.Guardrails;

/// <summary>Links that a store has signed for a limited time: a key to one file, made for whoever is to load it, and so no secret from the model.</summary>
/// <remarks>The parameters are those of presigned URLs of Amazon S3 and CloudFront, signed URLs of Google Cloud Storage, and shared access signatures of Azure.</remarks>
internal static class SignedLink
{
    private static readonly (string Signature, string Expiry)[] s_schemes =
        [("X-Amz-Signature", "X-Amz-Expires"), ("X-Goog-Signature", "X-Goog-Expires"), ("Signature", "Expires"), ("sig", "se")];

    private static readonly string[] s_families = ["X-Amz-", "X-Goog-"];
    private static readonly string[] s_names = ["Signature", "AWSAccessKeyId", "GoogleAccessId", "Key-Pair-Id", "Policy", "sig", "skoid", "sktid"];

    /// <summary>Takes out of path, query and fragment what signs them; the same text where nothing does.</summary>
    public static string WithoutSignature(string address)
    {
        var query = address.IndexOf('?') + 1;
        if (query == 0)
            return address;
        var end = address.IndexOf('#', query) is var fragment && fragment < 0 ? address.Length : fragment;
        var parameters = address[query..end].Split('&');
        return IsSigned(parameters)
            ? string.Concat(address.AsSpan(0, query), string.Join('&', parameters.Where(parameter => !Signs(NameOf(parameter)))), address.AsSpan(end))
            : address;
    }

    private static bool IsSigned(string[] parameters) =>
        Array.Exists(s_schemes, scheme => Has(parameters, scheme.Signature) && Has(parameters, scheme.Expiry));

    private static bool Has(string[] parameters, string name) => Array.Exists(parameters, parameter => NameOf(parameter).Equals(name, StringComparison.OrdinalIgnoreCase));

    private static bool Signs(string name) =>
        s_names.Contains(name, StringComparer.OrdinalIgnoreCase) || Array.Exists(s_families, family => name.StartsWith(family, StringComparison.OrdinalIgnoreCase));

    private static string NameOf(string parameter) => parameter.IndexOf('=') is >= 0 and var equals ? parameter[..equals] : parameter;
}
