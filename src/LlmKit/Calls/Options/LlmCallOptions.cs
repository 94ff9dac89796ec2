using System.Text.Json.Serialization;
using LlmKit.Calls;
using LlmKit.Models;
using Microsoft.Extensions.AI;

namespace LlmKit;

/// <summary>Chat options with what LlmKit needs to know of a call: for whom it is, what it may cost, when it must end.</summary>
/// <remarks>
/// Usable wherever <see cref="ChatOptions"/> are. A pipeline works on a clone: the caller's instance is never changed and may be used
/// again. None of the added members is serialised or sent to a provider. Frameworks that build their own <see cref="ChatOptions"/> can pass
/// tenant, user and feature in <see cref="ChatOptions.AdditionalProperties"/> under <c>llmkit.tenant</c>, <c>llmkit.user</c> and
/// <c>llmkit.feature</c>; <see cref="LlmScope"/> carries them ambiently. Not thread-safe while it is being changed.
/// </remarks>
public class LlmCallOptions : ChatOptions
{
    private CallTerms _terms = CallTerms.None;
    private bool _ownsTerms;
    // A byte lies where the flags beside it leave room: every call has a copy of this.
    private byte _stageSampling;

    /// <summary>Creates options with no values set.</summary>
    public LlmCallOptions()
    {
    }

    /// <summary>Creates a copy of options, with the added members where they have them.</summary>
    /// <param name="other">The options to copy; <see langword="null"/> gives empty ones.</param>
    protected internal LlmCallOptions(ChatOptions? other) : base(other)
    {
        if (other is not LlmCallOptions options)
        {
            _stageSampling = other is null ? default : (byte)Models.StageSampling.Of(other);
            return;
        }

        // Both share the terms from here on; whichever changes them copies them first.
        options._ownsTerms = false;
        _terms = options._terms;
        Call = options.Call;
        IsHedge = options.IsHedge;
        Clock = options.Clock;
        _stageSampling = options._stageSampling;
    }

    /// <summary>Gets or sets the customer organisation that the call is for.</summary>
    [JsonIgnore]
    public string? Tenant
    {
        get => _terms.Tenant;
        set => Change().Tenant = value;
    }

    /// <summary>Gets or sets the person or account that the call is for.</summary>
    [JsonIgnore]
    public string? User
    {
        get => _terms.User;
        set => Change().User = value;
    }

    /// <summary>Gets or sets the call site, such as <c>summarise-ticket</c>.</summary>
    [JsonIgnore]
    public string? Feature
    {
        get => _terms.Feature;
        set => Change().Feature = value;
    }

    /// <summary>Gets or sets labels for reports. Treated as immutable.</summary>
    [JsonIgnore]
    public IReadOnlyDictionary<string, string>? Tags
    {
        get => _terms.Tags;
        set => Change().Tags = value;
    }

    /// <summary>Gets or sets the interaction that the call belongs to.</summary>
    [JsonIgnore]
    public LlmInteraction? Interaction
    {
        get => _terms.Interaction;
        set => Change().Interaction = value;
    }

    /// <summary>Gets or sets the key under which a repeated call gives the same answer, where <c>UseIdempotency</c> stands in the pipeline.</summary>
    /// <value>A text that is unique to the request, within its tenant and user, such as an order's number or a GUID; <see langword="null"/> by default.</value>
    [JsonIgnore]
    public string? IdempotencyKey
    {
        get => _terms.IdempotencyKey;
        set => Change().IdempotencyKey = value;
    }

    /// <summary>Gets or sets how urgent the call is.</summary>
    /// <value><see cref="LlmPriority.Normal"/> by default.</value>
    [JsonIgnore]
    public LlmPriority Priority
    {
        get => _terms.Priority;
        set => Change().Priority = value;
    }

    /// <summary>Gets or sets the moment by which the call must have ended.</summary>
    /// <value><see langword="null"/> by default: only the pipeline's latency constraint applies. The earlier of both wins.</value>
    [JsonIgnore]
    public DateTimeOffset? Deadline
    {
        get => _terms.Deadline;
        set => Change().Deadline = value;
    }

    /// <summary>Gets or sets the most that the call may cost, all its attempts together, in USD.</summary>
    /// <value>0 or more; <see langword="null"/> by default. The smaller of this and the pipeline's cost constraint wins. A model that no call leads to refuses it.</value>
    [JsonIgnore]
    public decimal? MaxCost
    {
        get => _terms.MaxCost;
        set => Change().MaxCost = value;
    }

    /// <summary>Gets or sets what the call asks of the cache.</summary>
    [JsonIgnore]
    public LlmCacheDirectives Cache
    {
        get => _terms.Cache;
        set => Change().Cache = value;
    }

    /// <summary>Gets or sets the greatest age of a cached answer that the call accepts.</summary>
    /// <value><see langword="null"/> by default: any answer that has not expired.</value>
    [JsonIgnore]
    public TimeSpan? CacheMaxAge
    {
        get => _terms.CacheMaxAge;
        set => Change().CacheMaxAge = value;
    }

    /// <summary>Gets or sets what the answer depends on, such as documents and their versions: <c>LlmCache.InvalidateByTagAsync</c> drops stored answers by it.</summary>
    /// <value><see langword="null"/> by default. Treated as immutable. A stage inside the cache that finds out more adds it with <see cref="LlmCall.AddCacheTag"/>.</value>
    [JsonIgnore]
    public IReadOnlyList<string>? CacheTags
    {
        get => _terms.CacheTags;
        set => Change().CacheTags = value;
    }

    /// <summary>Gets or sets the registered model that must answer: no other is tried.</summary>
    [JsonIgnore]
    public string? Model
    {
        get => _terms.Model;
        set => Change().Model = value;
    }

    /// <summary>Gets or sets registered models that must not be used. Treated as immutable.</summary>
    [JsonIgnore]
    public IReadOnlyList<string>? ExcludedModels
    {
        get => _terms.ExcludedModels;
        set => Change().ExcludedModels = value;
    }

    /// <summary>Gets or sets whether another model may answer when the chosen one does not.</summary>
    /// <value><see langword="true"/> by default.</value>
    [JsonIgnore]
    public bool AllowFallback
    {
        get => _terms.AllowFallback;
        set => Change().AllowFallback = value;
    }

    /// <summary>Gets or sets what to run once when the call has closed, in every outcome.</summary>
    /// <remarks>Runs on the thread that closes the call; an exception it throws is logged by its type and goes no further.</remarks>
    [JsonIgnore]
    public Action<LlmCall>? OnCompleted
    {
        get => _terms.OnCompleted;
        set => Change().OnCompleted = value;
    }

    /// <summary>Gets the added members. Once the options have been copied, what either of them changes is a copy: these stay as they are.</summary>
    [JsonIgnore]
    internal CallTerms Terms => _terms;

    [JsonIgnore]
    internal LlmCall? Call { get; set; }

    [JsonIgnore]
    internal bool IsHedge { get; set; }

    /// <summary>Gets or sets the clock of the attempt that the request belongs to, where somebody's decorator stands between it and the model.</summary>
    [JsonIgnore]
    internal IAttemptClock? Clock { get; set; }

    /// <summary>Gets or sets what was read of the request that these options go with. A copy has not got it, and no public door passes it on: who stands there may change what was read.</summary>
    [JsonIgnore]
    internal RequestFacts? Facts { get; set; }

    /// <summary>Gets or sets what a stage has set of temperature and seed; see <see cref="Models.StageSampling"/>.</summary>
    [JsonIgnore]
    internal SamplingParameters StageSampling
    {
        get => (SamplingParameters)_stageSampling;
        set => _stageSampling = (byte)value;
    }

    /// <inheritdoc/>
    public override ChatOptions Clone() => new LlmCallOptions(this);

    private CallTerms Change()
    {
        if (!_ownsTerms)
            _terms = _terms.Copy();
        _ownsTerms = true;
        return _terms;
    }
}
