namespace LlmKit.Observability.Replay;

/// <summary>How texts are cleaned and made alike: a snapshot of the settings.</summary>
internal sealed class RequestRules(CassetteOptions options)
{
    /// <summary>Gets rules that leave texts as they are.</summary>
    public static RequestRules None { get; } = new(new() { Redact = null });

    private readonly Func<string, string>? _redact = options.Redact;
    private readonly Func<string, string>[] _normalizers = [.. options.Normalizers];

    public IReadOnlySet<string> KeyProperties { get; } = new HashSet<string>(options.KeyProperties, StringComparer.Ordinal);

    /// <summary>Takes out of a text what must not be stored.</summary>
    /// <exception cref="CassetteException">The redaction failed: then nothing of the text may be stored.</exception>
    public string Redact(string text)
    {
        if (_redact is null)
            return text;
        try
        {
            return _redact(text) ?? throw new InvalidOperationException("The redaction gave null.");
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            // Its message may hold the text.
            throw new CassetteException($"CassetteOptions.Redact failed with '{exception.GetType().FullName}', so a text could not be made safe to store. Let it handle every text.");
        }
    }

    /// <summary>Redacts a text of a request, then takes out what changes from run to run.</summary>
    public string Normalize(string text) => _normalizers.Aggregate(Redact(text), static (current, normalize) => normalize(current));
}
