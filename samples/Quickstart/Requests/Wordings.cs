namespace Quickstart;

/// <summary>The forms in which a request's text may reach a model: as written, and with labels in place of personal data and keys.</summary>
internal static class Wordings
{
    private static readonly Func<SensitiveKind, string>[] Labels =
    [
        kind => $"[{NameOf(kind)}]",
        kind => $"[{NameOf(kind)}_1]",
        kind => $"<{NameOf(kind).ToLowerInvariant()}>",
        _ => "[REDACTED]",
        _ => "[SECRET]",
        _ => "***",
    ];

    public static IEnumerable<string> Of(WorkloadRequest request) => request.Sensitive.Count == 0
        ? [request.Text]
        : Labels.Select(label => Redacted(request, label)).Prepend(request.Text);

    private static string Redacted(WorkloadRequest request, Func<SensitiveKind, string> label) => request.Sensitive.Aggregate(
        request.Text,
        (text, value) => text.Replace(value.Value, label(value.Kind), StringComparison.Ordinal));

    private static string NameOf(SensitiveKind kind) => kind switch
    {
        SensitiveKind.Email => "EMAIL",
        SensitiveKind.Card => "CREDIT_CARD",
        SensitiveKind.Iban => "IBAN",
        _ => "API_KEY",
    };
}
