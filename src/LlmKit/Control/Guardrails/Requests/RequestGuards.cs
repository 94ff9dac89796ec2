using Microsoft.Extensions.AI;

namespace LlmKit.Control.Guardrails;

/// <summary>Asks guards about the new texts of a request: those that must answer first, and those that may answer while the model works.</summary>
internal sealed class RequestGuards : IAsyncDisposable
{
    private static readonly Task<RailBlock?> NothingBlocks = Task.FromResult<RailBlock?>(null);

    private readonly RailContext _context;
    private readonly RequestLook _look;
    private readonly CancellationToken _caller;
    private readonly GuardRunner _runner;
    private readonly CancellationTokenSource? _model;
    private readonly CancellationTokenSource? _left;

    public RequestGuards(RailContext context, RequestLook look, CancellationToken cancellationToken)
    {
        (_context, _look, _caller, _runner) = (context, look, cancellationToken, new(context));
        if (!look.ToGuard.Any(text => context.Policy.RulesOf(text.Rail).Guards.Any(IsBeside)))
            return;
        _model = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
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
        var texts = _look.ToGuard;
        if (texts.Count == 0)
            return null;
        var asked = await Task.WhenAll(texts.Select(text => AskAsync(text, beside: false, _caller))).ConfigureAwait(false);
        for (var i = 0; i < asked.Length; i++)
        {
            if (asked[i].BlockedBy is { } guard && !_context.Policy.Observe)
                return new(texts[i].Rail, guard);
            if (asked[i].HasChanged && !_context.Policy.Observe)
                Change(texts[i], asked[i].Text);
        }

        return null;
    }

    /// <summary>Asks the others from now on; the model is stopped when one of them blocks.</summary>
    public void AskBeside()
    {
        if (_model is not null)
            Besides = AskAllBesideAsync(_model, _left!.Token);
    }

    /// <summary>Leaves the guards that still look: the request is over.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_left is null)
            return;
        await _left.CancelAsync().ConfigureAwait(false);
        await ((Task)Besides).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _left.Dispose();
        _model!.Dispose();
    }

    private async Task<RailBlock?> AskAllBesideAsync(CancellationTokenSource model, CancellationToken left)
    {
        var texts = _look.ToGuard;
        var asked = await Task.WhenAll(texts.Select(text => AskAsync(text, beside: true, left))).ConfigureAwait(false);
        for (var i = 0; i < asked.Length; i++)
        {
            // A change comes too late: the model has the text already.
            if ((asked[i].BlockedBy is null && !asked[i].HasChanged) || _context.Policy.Observe)
                continue;
            await model.CancelAsync().ConfigureAwait(false);
            return new(texts[i].Rail, asked[i].BlockedBy ?? "guard-beside-model");
        }

        return null;
    }

    private Task<GuardedText> AskAsync(in RequestText text, bool beside, CancellationToken cancellationToken)
    {
        var guards = _context.Policy.RulesOf(text.Rail).Guards.Where(guard => IsBeside(guard) == beside).ToList();
        return _runner.RunAsync(guards, text.Rail, text.Text, isPartial: false, cancellationToken).AsTask();
    }

    // Who only looks on keeps nobody waiting.
    private bool IsBeside(GuardRule guard) => guard.Options.BesideModel || guard.Observed || _context.Policy.Observe;

    private void Change(in RequestText text, string changed)
    {
        _look.Draft.Set(text.Message, text.Content, ContentText.With(_look.Draft.Messages[text.Message].Contents[text.Content], changed));
        _context.Salt(text.Text);
    }
}
