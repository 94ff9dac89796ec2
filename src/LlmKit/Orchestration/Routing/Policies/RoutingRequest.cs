using System.Collections.Immutable;
using LlmKit.Calls;
using LlmKit.Models;
using Microsoft.Extensions.AI;

namespace LlmKit.Orchestration.Routing.Policies;

/// <summary>What a policy may know when it chooses.</summary>
/// <remarks>Immutable. It holds texts of the conversation: they belong in no log, exception or metric, and in no reason.</remarks>
public sealed class RoutingRequest
{
    private const int ExpectedOutput = 256;

    private readonly LlmCall? _call;
    private readonly RequestFacts? _request;
    private readonly string? _tenant;
    private readonly string? _user;
    private readonly string? _feature;
    private readonly IReadOnlyDictionary<string, string>? _tags;
    private readonly IReadOnlyList<ChatMessage> _messages = [];
    private readonly bool _isRecorded;
    private readonly bool _knowsTenant;
    private readonly ChatOptions? _options;
    private readonly int? _promptLength;
    private readonly double? _chance;
    private string? _prompt;

    /// <summary>Creates a context outside of a call, as for replays and tests of policies.</summary>
    /// <param name="candidates">The candidates, in order; at least one.</param>
    /// <exception cref="ArgumentException">There is none.</exception>
    public RoutingRequest(IReadOnlyList<ModelCandidate> candidates)
    {
        ArgumentNullException.ThrowIfNull(candidates);
        if (candidates.Count == 0)
            throw new ArgumentException("There is no candidate. Give at least one.", nameof(candidates));
        Candidates = candidates;
    }

    internal RoutingRequest(LlmCall call, RequestFacts request, IReadOnlyList<ModelCandidate> candidates, double chance)
    {
        _call = call;
        _request = request;
        _messages = request.Messages;
        _options = request.Options;
        Candidates = candidates;
        _chance = chance;
    }

    /// <summary>The request of a decision that was made long ago. What is asked of it and was not recorded throws.</summary>
    internal RoutingRequest(IEnumerable<string> candidates, string? tenant, bool knowsTenant, string? feature, string? prompt, int promptLength)
        : this([.. candidates.Select(ModelCandidate.Recorded)])
    {
        (_isRecorded, _tenant, _knowsTenant, _feature, _prompt, _promptLength) = (true, tenant, knowsTenant, feature, prompt, promptLength);
    }

    private RoutingRequest(RoutingRequest other, double chance)
    {
        (_call, _request, _tenant, _user, _feature, _tags, _prompt) = (other._call, other._request, other._tenant, other._user, other._feature, other._tags, other._prompt);
        (_messages, _isRecorded, _knowsTenant, _promptLength) = (other._messages, other._isRecorded, other._knowsTenant, other._promptLength);
        (_options, Candidates, _chance) = (other._options, other.Candidates, chance);
    }

    /// <summary>Gets the candidates that passed the gates, in the router's order.</summary>
    public IReadOnlyList<ModelCandidate> Candidates { get; }

    /// <summary>Gets the messages; none outside of a call. A replay does not know them, and refuses a policy that reads them.</summary>
    public IReadOnlyList<ChatMessage> Messages => _isRecorded ? throw new UnrecordedFactException("the messages") : _messages;

    /// <summary>Gets the options; <see langword="null"/> outside of a call. A replay does not know them, and refuses a policy that reads them.</summary>
    public ChatOptions? Options => _isRecorded ? throw new UnrecordedFactException("the options") : _options;

    /// <summary>Gets a number from 0 to below 1 that was drawn for this choice: the only chance that a policy may take.</summary>
    /// <value>0 by default. A replay draws none: a policy that takes chances overrides <see cref="RoutingPolicy.PropensityOf"/>.</value>
    public double Chance
    {
        get => _chance ?? (_isRecorded ? throw new UnrecordedFactException("the chance that was drawn") : 0);
        init => _chance = value;
    }

    /// <summary>Gets the customer organisation.</summary>
    public string? Tenant
    {
        get => _call?.Tenant ?? _tenant ?? (_knowsTenant ? null : Unknown("the tenant"));
        init => _tenant = value;
    }

    /// <summary>Gets the person or account.</summary>
    public string? User
    {
        get => _call?.User ?? _user ?? Unknown("the user");
        init => _user = value;
    }

    /// <summary>Gets the call site.</summary>
    public string? Feature
    {
        get => _call?.Feature ?? _feature;
        init => _feature = value;
    }

    /// <summary>Gets the labels of the call.</summary>
    public IReadOnlyDictionary<string, string> Tags
    {
        get => _call?.Tags ?? _tags ?? (_isRecorded ? throw new UnrecordedFactException("the tags") : ImmutableDictionary<string, string>.Empty);
        init => _tags = value;
    }

    /// <summary>Gets the text of the last message of the user.</summary>
    public string Prompt
    {
        get => _prompt ??= Unknown("the prompt") ?? _messages.LastOrDefault(message => message.Role == ChatRole.User)?.Text ?? "";
        init => _prompt = value;
    }

    /// <summary>Gets the length of <see cref="Prompt"/>, in UTF-16 code units. A replay knows it also where prompts are not recorded.</summary>
    public int PromptLength => _promptLength ?? Prompt.Length;

    /// <summary>Finds a candidate by its name.</summary>
    /// <param name="model">The registered name.</param>
    /// <returns>The candidate, or <see langword="null"/> if it is none, or is gone: it failed, or did not pass a gate.</returns>
    public ModelCandidate? Find(string model)
    {
        for (var i = 0; i < Candidates.Count; i++)
        {
            if (string.Equals(Candidates[i].Name, model, StringComparison.Ordinal))
                return Candidates[i];
        }

        return null;
    }

    /// <summary>Estimates what this request costs with a candidate: its likely input, and as much output as it may have, 256 tokens where that is open.</summary>
    /// <param name="candidate">The candidate.</param>
    /// <returns>USD; <see langword="null"/> where no price is known.</returns>
    public decimal? EstimateCost(ModelCandidate candidate)
    {
        ArgumentNullException.ThrowIfNull(candidate);
        if (_isRecorded)
            throw new UnrecordedFactException("the price of a request");
        if (_call is null || _request is null || candidate.FactsFor(_call) is not { Price: { } price } facts)
            return null;
        return price.CostOf(new() { Input = _request.Tokens(facts, _call), Output = _options?.MaxOutputTokens ?? ExpectedOutput });
    }

    /// <summary>Gives the same context with another chance, for policies that draw before they ask another.</summary>
    /// <param name="chance">From 0 to below 1.</param>
    /// <returns>The context.</returns>
    public RoutingRequest WithChance(double chance) => new(this, chance);

    private string? Unknown(string what) => _isRecorded ? throw new UnrecordedFactException(what) : null;
}
