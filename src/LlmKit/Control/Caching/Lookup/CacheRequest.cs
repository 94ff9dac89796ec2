using LlmKit.Calls;
using LlmKit.Internal;
using LlmKit.Internal.Keys;
using Microsoft.Extensions.AI;

namespace LlmKit.Control.Caching;

/// <summary>What the cache knows of one request while its call runs.</summary>
internal sealed class CacheRequest
{
    private readonly CacheRoute _route;
    private readonly int _lastUser;
    private QuestionNature? _nature;
    private Hash256? _partition;
    private Hash256? _normalised;
    private bool _isNormalised;

    public CacheRequest(IReadOnlyList<ChatMessage> messages, ChatOptions options, LlmCall call, CachePolicy policy, in CacheRoute route, Hash256 exact, long generation)
    {
        _route = route;
        _lastUser = Turns.LastOfUser(messages);
        Messages = messages;
        Options = options;
        Call = call;
        Policy = policy;
        Exact = exact;
        Terms = CacheBypass.Terms(options, call);
        Generation = generation;
        MayRead = (Terms.Cache & LlmCacheDirectives.NoRead) == 0;
        MayWrite = (Terms.Cache & LlmCacheDirectives.NoWrite) == 0;
    }

    public IReadOnlyList<ChatMessage> Messages { get; }

    public ChatOptions Options { get; }

    public LlmCall Call { get; }

    public CachePolicy Policy { get; }

    /// <summary>Gets the key of the request with all that it says.</summary>
    public Hash256 Exact { get; }

    /// <summary>Gets the key of everything but the question; made when it is first asked for.</summary>
    public Hash256 Partition => _partition ??= RequestKeys.Partition(Messages, _lastUser, Options, Call, Policy, _route);

    /// <summary>Gets the text of the last user message.</summary>
    public string Question => field ??= _lastUser < 0 ? "" : Messages[_lastUser].Text;

    public CallTerms Terms { get; }

    /// <summary>Gets how many times something had been invalidated when the request came.</summary>
    public long Generation { get; }

    public bool MayRead { get; }

    public bool MayWrite { get; private set; }

    /// <summary>Gets the key that other spellings of the question share; <see langword="null"/> where it has none or none is wanted.</summary>
    public Hash256? Normalised
    {
        get
        {
            if (!_isNormalised && Policy.MatchNormalised)
                _normalised = RequestKeys.Normalised(Partition, Question);
            _isNormalised = true;
            return _normalised;
        }
    }

    /// <summary>Gets what the wording says about the answer.</summary>
    public QuestionNature Nature => _nature ??= QuestionNatures.Of(Question);

    /// <summary>Gets or sets the embedded question as it is looked for, of length 1; <see langword="null"/> as long as there is none.</summary>
    public float[]? Query { get; set; }

    /// <summary>Gets or sets the embedded question as it is kept.</summary>
    public SemanticText? Text { get; set; }

    /// <summary>Gets or sets the key of the vectors that this one may be compared with.</summary>
    public Hash256 Space { get; set; }

    /// <summary>Gets how long the answer may be served.</summary>
    public TimeSpan TimeToLive => (Nature & QuestionNature.Volatile) == 0 || Policy.VolatileTimeToLive > Policy.TimeToLive ? Policy.TimeToLive : Policy.VolatileTimeToLive;

    /// <summary>Gets who is writing where several share a partition, or the store: nobody may fill it alone.</summary>
    public string? Writer => Call.Identity.UserKey ?? (Policy.SharedBy == CacheSharing.Everyone ? Call.Tenant : null);

    /// <summary>Keeps nothing of the request.</summary>
    public void Forget() => MayWrite = false;

    /// <summary>Whether an answer is young enough for the cache and for the call.</summary>
    public bool Accepts(CacheEntry entry, TimeProvider time)
    {
        var age = entry.Age(time);
        return age < entry.Life && !(age > Terms.CacheMaxAge);
    }

    /// <summary>Gives why no answer to such a question may be kept in this partition; <see langword="null"/> when it may.</summary>
    public string? WhyUnfit()
    {
        var holdsUser = Policy.SharedBy == CacheSharing.User && Call.User is not null;
        if ((Nature & QuestionNature.Personal) != 0 && !holdsUser)
            return "the question is about who asks, and the partition is not one user's";
        return (Nature & QuestionNature.Volatile) != 0 && (!holdsUser || Policy.VolatileTimeToLive == TimeSpan.Zero) ? "the answer changes by itself" : null;
    }
}
