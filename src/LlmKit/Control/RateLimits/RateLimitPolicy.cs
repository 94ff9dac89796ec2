using System.Collections.Frozen;
using LlmKit.Calls;
using LlmKit.Control.RateLimits.Settings;
using LlmKit.Internal.RateLimiting;
using LlmKit.Internal.RateLimiting.Accounts;

namespace LlmKit.Control.RateLimits;

/// <summary>The settings of rate limits, prepared once for a snapshot.</summary>
internal sealed class RateLimitPolicy
{
    private readonly Entry[] _entries;

    private RateLimitPolicy(Entry[] entries, MissingIdentity missingIdentity)
    {
        _entries = entries;
        MissingIdentity = missingIdentity;
    }

    public MissingIdentity MissingIdentity { get; }

    /// <summary>Gets whether the size of a request matters.</summary>
    public bool CountsTokens => Array.Exists(_entries, entry => entry.CountsTokens);

    public static RateLimitPolicy Compile(RateLimitOptions options, List<string> failures)
    {
        var before = failures.Count;
        RateLimitOptionsValidator.Validate(options, failures);
        return new(failures.Count > before ? [] : [.. options.Limits.Select(pair => new Entry(pair.Key, pair.Value, options))], options.MissingIdentity);
    }

    /// <summary>Gives what a call must pass, and the first limit that minds that the call does not say whose it is.</summary>
    public RateCharge[] ChargesFor(LlmCall call, out RateRule? lacksIdentity)
    {
        lacksIdentity = null;
        var charges = new RateCharge[_entries.Length];
        var count = 0;
        foreach (var entry in _entries)
        {
            var value = entry.ValueFor(call);
            if (value is null && entry.Only is null && MissingIdentity == MissingIdentity.Refuse)
                lacksIdentity ??= entry.Rule;
            if (value is null ? entry.Only is not null || MissingIdentity == MissingIdentity.Skip : entry.Only is not null && entry.Only != value)
                continue;
            var rule = entry.RuleFor(value ?? "");
            charges[count++] = new(rule, rule.AccountOf(value ?? ""));
        }

        Array.Resize(ref charges, count);
        return charges;
    }

    /// <summary>One limit with its overrides.</summary>
    private sealed class Entry
    {
        private readonly string? _tag;
        private readonly FrozenDictionary<string, RateRule> _overrides;

        public Entry(string name, RateLimit limit, RateLimitOptions options)
        {
            _tag = limit.Tag;
            Rule = Prepare(name, limit, limit, options);
            _overrides = limit.Overrides.ToFrozenDictionary(pair => ValueOf(limit.Scope, pair.Key), pair => Prepare(name, limit, pair.Value, options));
            Only = limit.Only is { } only ? ValueOf(limit.Scope, only) : null;
        }

        public RateRule Rule { get; }

        public string? Only { get; }

        public bool CountsTokens => _overrides.Values.Append(Rule).Any(rule => rule.Kinds.Any(kind => kind != RateLimitKind.Requests));

        public RateRule RuleFor(string value) => _overrides.Count > 0 && _overrides.TryGetValue(value, out var rule) ? rule : Rule;

        public string? ValueFor(LlmCall call) => Rule.Scope switch
        {
            RateLimitScope.Tenant => call.Tenant,
            RateLimitScope.User => call.Identity.UserKey,
            RateLimitScope.Feature => call.Feature,
            RateLimitScope.Tag => call.Tags.GetValueOrDefault(_tag!),
            _ => "",
        };

        private static RateRule Prepare(string name, RateLimit limit, RateLimitAmounts own, RateLimitOptions options) => new(
            name,
            limit.Scope,
            new(own.Requests ?? limit.Requests, own.InputTokens ?? limit.InputTokens, own.OutputTokens ?? limit.OutputTokens, own.Tokens ?? limit.Tokens, own.Concurrent ?? limit.Concurrent),
            limit.Burst)
        {
            Window = (long)limit.Window.TotalMilliseconds,
            Enforce = !options.Observe,
            Queue = options.Queue,
            MaxWait = (long)options.MaxWait.TotalMilliseconds,
            AgeAfter = (long)options.AgeAfter.TotalMilliseconds,
        };

        /// <summary>Gives the value that stands for a name in the settings: a user is written as <c>tenant/user</c>.</summary>
        private static string ValueOf(RateLimitScope scope, string name) =>
            scope == RateLimitScope.User ? CallIdentity.UserKeyOf(name) : name;
    }
}
