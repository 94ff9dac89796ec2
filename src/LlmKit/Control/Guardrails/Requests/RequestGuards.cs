using Microsoft.Extensions.AI;

namespace LlmKit.Control.Guardrails;

/// <summary>Asks guards about the new texts of a request: those that must answer first, those that may answer while the model works, and those that only look on.</summary>
internal sealed class RequestGuards : IAsyncDisposable
{
    private const int MostAtOnce = 8;

    private static readonly Task<RailBlock?> NothingBlocks = Task.FromResult<RailBlock?>(null);

    private readonly RailContext _context;
    private readonly RequestLook _look;
    private readonly CancellationToken _caller;
    private readonly GuardRunner _runner;
    private readonly CancellationTokenSource? _model;
    private readonly CancellationTokenSource? _left;
    private Task _watching = Task.CompletedTask;

    public RequestGuards(RailContext context, RequestLook look, CancellationToken cancellationToken)
    {
        (_context, _look, _caller, _runner) = (context, look, cancellationToken, new(context));
        if (Has(IsBeside))
            _model = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        if (_model is not null || Has(IsWatching))
            _left = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
    }

    /// <summary>Gets the token for the model, which guards beside it may stop.</summary>
    public CancellationToken ModelToken => _model?.Token ?? _caller;

    /// <summary>Gets whether a guard may stop the model.</summary>
    public bool MayStopModel => _model is not null;

    /// <summary>Gets whether a guard has stopped the model.</summary>
    public bool HaveStoppedModel => _model?.IsCancellationRequested == true && !_caller.IsCancellationRequested;

    /// <summary>Gets what the guards beside the model say: what blocks the request, or <see langword="null"/>.</summary>
    public Task<RailBlock?> Besides { get; private set; } = NothingBlocks;

    /// <summary>Asks those that must answer before the model is asked, and changes the request as they say.</summary>
    /// <returns>What blocks the request; <see langword="null"/> when nothing does.</returns>
    public async ValueTask<RailBlock?> AskFirstAsync()
    {
        if (_look.ToGuard.Count == 0)
            return null;
        using var left = CancellationTokenSource.CreateLinkedTokenSource(_caller);
        var changed = new List<(RequestText Text, GuardedText Guarded)>();
        await foreach (var (text, guarded) in AskAsync(guard => !IsBeside(guard) && !IsWatching(guard), left.Token).ConfigureAwait(false))
        {
            if (guarded.BlockedBy is { } guard)
            {
                // Nobody needs to hear, or to pay for, what the others say.
                await left.CancelAsync().ConfigureAwait(false);
                return new(text.Rail, guard);
            }

            if (guarded.HasChanged)
                changed.Add((text, guarded));
        }

        // From the last to the first: one that takes the place of several moves those behind it.
        foreach (var (text, guarded) in changed.OrderByDescending(pair => (pair.Text.Message, pair.Text.Content)))
            Change(text, guarded.Text);
        return null;
    }

    /// <summary>Asks the others from now on; the model is stopped as soon as one of them blocks.</summary>
    public void AskBeside()
    {
        if (_model is not null)
            Besides = AskAllBesideAsync(_model, _left!.Token);
        if (_left is not null && Has(IsWatching))
            _watching = WatchAsync(_left.Token);
    }

    /// <summary>Waits for those that only look on: the answer is over, and what they found is part of its record.</summary>
    public Task WatchedAsync() => _watching.WaitAsync(_caller);

    /// <summary>Leaves the guards that still look: the request is over.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_left is null)
            return;
        await _left.CancelAsync().ConfigureAwait(false);
        await ((Task)Besides).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _watching.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _left.Dispose();
        _model?.Dispose();
    }

    private async Task<RailBlock?> AskAllBesideAsync(CancellationTokenSource model, CancellationToken left)
    {
        await foreach (var (text, guarded) in AskAsync(IsBeside, left).ConfigureAwait(false))
        {
            // A change comes too late: the model has the text already.
            if ((guarded.BlockedBy ?? guarded.ChangedBy) is not { } guard)
                continue;
            if (guarded.BlockedBy is null)
                _context.Findings.Add(new(text.Rail, RailVerdict.Block, guard, Observed: false));
            await model.CancelAsync().ConfigureAwait(false);
            return new(text.Rail, guard);
        }

        return null;
    }

    private async Task WatchAsync(CancellationToken left)
    {
        await foreach (var _ in AskAsync(IsWatching, left).ConfigureAwait(false))
        {
        }
    }

    /// <summary>Asks some of the guards about all texts, a few at once; gives what they say in the order in which they have said it.</summary>
    private async IAsyncEnumerable<(RequestText Text, GuardedText Guarded)> AskAsync(
        Func<GuardRule, bool> which, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var waiting = new Queue<RequestText>(_look.ToGuard);
        var asked = new List<Task<(RequestText, GuardedText)>>();
        while (waiting.Count > 0 || asked.Count > 0)
        {
            while (waiting.Count > 0 && asked.Count < MostAtOnce)
                asked.Add(AskAsync(waiting.Dequeue(), which, cancellationToken));
            var answered = await Task.WhenAny(asked).ConfigureAwait(false);
            asked.Remove(answered);
            yield return await answered.ConfigureAwait(false);
        }
    }

    private async Task<(RequestText, GuardedText)> AskAsync(RequestText text, Func<GuardRule, bool> which, CancellationToken cancellationToken)
    {
        var guards = _context.Policy.RulesOf(text.Rail).Guards.Where(which).ToList();
        return (text, await _runner.RunAsync(guards, text.Rail, text.Text, isPartial: false, cancellationToken).ConfigureAwait(false));
    }

    private bool Has(Func<GuardRule, bool> which) => _look.ToGuard.Any(text => _context.Policy.RulesOf(text.Rail).Guards.Any(which));

    private bool IsBeside(GuardRule guard) => guard.Options.BesideModel && !IsWatching(guard);

    private bool IsWatching(GuardRule guard) => guard.Observed || _context.Policy.Observe;

    private void Change(in RequestText text, string changed)
    {
        _look.Draft.Set(text.Message, text.Content, text.Count, ContentText.With(_look.Draft.Messages[text.Message].Contents[text.Content], changed));
        _context.Salt(text.Text);
    }
}
