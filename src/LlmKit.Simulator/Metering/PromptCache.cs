using LlmKit.Simulator.Answers;

namespace LlmKit.Simulator.Metering;

/// <summary>The provider's prompt cache: remembers the leading system texts that a model has read.</summary>
/// <param name="minTokens">The fewest tokens that are cached; nothing switches the cache off.</param>
internal sealed class PromptCache(int? minTokens)
{
    private const int Capacity = 10_000;

    private readonly Lock _gate = new();
    private readonly HashSet<(string Model, string Text)> _seen = [];

    /// <summary>Counts a request's input, and which part of it the cache held or took in.</summary>
    public TokenCounts Read(ChatRequest request)
    {
        var input = TokenRule.Input(request);
        var prefix = TokenRule.Prefix(request);
        if (request.CacheControl == CacheControl.None || minTokens is not { } least || prefix < least)
            return new(input, 0, 0, 0, 0);
        if (!IsNew(request.Model, request.SystemText))
            return new(input, prefix, 0, 0, 0);

        return new(input, 0, request.CacheControl == CacheControl.Marked ? prefix : 0, 0, 0);
    }

    private bool IsNew(string model, string text)
    {
        lock (_gate)
        {
            if (_seen.Count >= Capacity)
                _seen.Clear();
            return _seen.Add((model, text));
        }
    }
}
