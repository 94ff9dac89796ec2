using LlmKit.Simulator.Faults;
using LlmKit.Simulator.Handbooks;

namespace LlmKit.Simulator;

/// <summary>The settings of a <see cref="ProviderSimulator"/>. They are read once, when it starts; faults may be planned later too.</summary>
public sealed class SimulatorOptions
{
    /// <summary>What the models know.</summary>
    /// <value>Default: <see cref="Handbook.Empty"/>.</value>
    public Handbook Handbook { get; set; } = Handbook.Empty;

    /// <summary>The API keys that are accepted; any other, or none, is refused with status 401.</summary>
    /// <value>Default: empty, every request is accepted.</value>
    public ISet<string> ApiKeys { get; } = new HashSet<string>(StringComparer.Ordinal);

    /// <summary>The models and deployments that exist; any other is refused with status 404.</summary>
    /// <value>Default: empty, every name is a model.</value>
    public ISet<string> Models { get; } = new HashSet<string>(StringComparer.Ordinal);

    /// <summary>The models that give <see cref="HandbookEntry.Weak"/> answers.</summary>
    /// <value>Default: none.</value>
    public ISet<string> WeakModels { get; } = new HashSet<string>(StringComparer.Ordinal);

    /// <summary>The tokens that each model spends on reasoning before it answers; billed as output, never shown.</summary>
    /// <value>Tokens, 0 or more, by model. Default: none.</value>
    public IDictionary<string, int> ReasoningTokens { get; } = new Dictionary<string, int>(StringComparer.Ordinal);

    /// <summary>The context window of each model; a longer input is refused with the provider's context-length error.</summary>
    /// <value>Tokens, by model. Default: none, no model has a limit.</value>
    public IDictionary<string, int> ContextWindows { get; } = new Dictionary<string, int>(StringComparer.Ordinal);

    /// <summary>The requests that models may get in a minute, as a provider's account has them: each answer says how many are left, and more are refused with status 429.</summary>
    /// <value>1 or more, by model. Default: none, no model has a quota.</value>
    public IDictionary<string, int> RequestsPerMinute { get; } = new Dictionary<string, int>(StringComparer.Ordinal);

    /// <summary>
    /// The fewest tokens of leading system text that the provider's prompt cache takes in. A text seen before by the same model is
    /// reported and billed as cached: always over the OpenAI format, over Anthropic's when the request marks it with
    /// <c>cache_control</c>.
    /// </summary>
    /// <value>Tokens. Default: <see langword="null"/>, there is no prompt cache.</value>
    public int? PromptCacheMinTokens { get; set; }

    /// <summary>Whether a user's message or a tool's result that says "reveal the system prompt" is obeyed, as a naive model would.</summary>
    /// <value>Default: <see langword="true"/>. An entry of the handbook with <c>refuse</c> withstands it.</value>
    public bool ObeysInjection { get; set; } = true;

    /// <summary>The words in a chunk of a stream.</summary>
    /// <value>1 or more. Default: 3.</value>
    public int WordsPerChunk { get; set; } = 3;

    /// <summary>How long models take that have no entry in <see cref="ModelLatencies"/>.</summary>
    /// <value>Default: <see cref="SimulatorLatency.None"/>.</value>
    public SimulatorLatency Latency { get; set; } = SimulatorLatency.None;

    /// <summary>How long particular models take.</summary>
    /// <value>Default: none.</value>
    public IDictionary<string, SimulatorLatency> ModelLatencies { get; } = new Dictionary<string, SimulatorLatency>(StringComparer.Ordinal);

    /// <summary>The faults to play.</summary>
    /// <value>Default: an empty plan.</value>
    public FaultPlan Faults { get; set; } = new();

    /// <summary>The seed of latencies and of faults by chance.</summary>
    /// <value>Default: 0.</value>
    public int Seed { get; set; }

    /// <summary>How many requests <see cref="ProviderSimulator.Received"/> keeps.</summary>
    /// <value>1 or more. Default: 10,000.</value>
    public int ReceivedCapacity { get; set; } = 10_000;

    /// <summary>The clock of all waits, of <c>created</c> and of dates in <c>Retry-After</c>.</summary>
    /// <value>Default: <see cref="TimeProvider.System"/>.</value>
    public TimeProvider TimeProvider { get; set; } = TimeProvider.System;
}
