namespace LlmKit.Simulator.Metering;

/// <summary>The provider's own bill: what each model's requests really cost, to hold a client's accounts against.</summary>
/// <remarks>
/// <para>Thread-safe. What is billed:</para>
/// <list type="bullet">
/// <item>A full answer: input and output, reasoning included.</item>
/// <item>A stream that broke or was abandoned: input, the text really written before the break, and reasoning once text was written.</item>
/// <item>A client that went away before content was sent, a connection reset before the headers, or an answer of malformed JSON: input only.</item>
/// <item>A plain answer that broke in its middle: input only, for no text of it was written.</item>
/// <item>A request refused before content (any HTTP error): nothing.</item>
/// </list>
/// <para>
/// Tokens are those of <see cref="LlmKit.Models.TokenEstimator"/>. Input: per message its text and
/// <see cref="LlmKit.Models.TokenEstimator.TokensPerMessage"/>, Anthropic's system text being one message; the name and arguments of
/// tool calls; tool results; per offered tool its name, description and schema, all JSON minified. Output: the text, or the tool
/// call's name and arguments. Embeddings: the texts alone. Images and files are not counted.
/// </para>
/// <para>
/// A request is billed before its last bytes are sent, so whoever has read an answer finds it here. An abandoned request is billed
/// when the simulator notices: await <see cref="ProviderSimulator.WhenIdleAsync"/> first.
/// </para>
/// </remarks>
public sealed class ProviderMeter
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, ModelUsage> _models = new(StringComparer.Ordinal);

    internal ProviderMeter()
    {
    }

    /// <summary>Gives the numbers as they are now, consistent with each other.</summary>
    /// <returns>A copy that no longer changes.</returns>
    public MeterSnapshot Snapshot()
    {
        lock (_gate)
            return new(new Dictionary<string, ModelUsage>(_models, StringComparer.Ordinal));
    }

    internal void Add(string model, TokenCounts tokens)
    {
        lock (_gate)
            _models[model] = _models.GetValueOrDefault(model) + new ModelUsage(1, tokens);
    }
}
