namespace LlmKit.Observability.Replay;

/// <summary>The scope in which requests are made, for one cassette.</summary>
/// <remarks>Ambient, because a cassette stands where a provider would: nothing of the caller's own comes so far.</remarks>
internal sealed class CassetteScopes
{
    private readonly AsyncLocal<string?> _current = new();

    /// <summary>Gets the current scope; empty outside of any.</summary>
    public string Current => _current.Value ?? "";

    public IDisposable Begin(string name)
    {
        var outer = _current.Value;
        _current.Value = name;
        return new Ending(_current, outer);
    }

    private sealed class Ending(AsyncLocal<string?> current, string? outer) : IDisposable
    {
        public void Dispose() => current.Value = outer;
    }
}
