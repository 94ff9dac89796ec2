using System.Runtime.ExceptionServices;
using LlmKit.Calls;
using LlmKit.Checks.Voting;
using Microsoft.Extensions.AI;

namespace LlmKit.Control.Variability.Sampling;

/// <summary>Asks for samples until most agree, or cannot any more.</summary>
internal sealed class ConsistentAnswer(IChatClient inner, ConsistentFeature rule, IReadOnlyList<ChatMessage> messages, ChatOptions options, LlmCall call)
{
    private readonly Votes _votes = new(rule.Majority);
    private readonly List<Sample> _samples = [];
    private Exception? _failure;
    private int _numbers;
    private int _asked;
    private int _answered;
    private bool _oneByOne;
    private bool _isUsedUp;

    public async ValueTask<ChatResponse> AnswerAsync(CancellationToken cancellationToken)
    {
        while (_votes.Winner is null && !_isUsedUp && _asked + _votes.Missing <= rule.MostSamples)
            await AskAsync(_oneByOne ? 1 : _votes.Missing, cancellationToken).ConfigureAwait(false);
        for (var i = 0; i < _samples.Count; i++)
            Show(_samples[i], number: i + 1);
        if (_votes.Winner is { } winner)
        {
            Record("agreed", null);
            return Taken(winner);
        }

        if (_answered == 0 && _failure is not null)
            ExceptionDispatchInfo.Throw(_failure);
        Record("no-majority", null);
        return rule.EscalateTo is { } stronger ? await EscalateAsync(stronger, cancellationToken).ConfigureAwait(false) : Abstained();
    }

    /// <summary>Asks for some samples at once. One that fails has no vote; none is asked for on behalf of a caller who has left.</summary>
    private async Task AskAsync(int count, CancellationToken cancellationToken)
    {
        var asked = new Task<Sample>[count];
        for (var i = 0; i < count; i++)
            asked[i] = SampleAsync("sample", model: null, cancellationToken);
        var samples = await Task.WhenAll(asked).ConfigureAwait(false);
        _asked += count;
        foreach (var sample in samples)
            Count(sample);
        var starved = samples.Count(sample => sample.IsStarved);
        // What each reserves is the worst case: what one gives back is enough for the next.
        if (starved > 0 && count > 1)
            (_oneByOne, _asked) = (true, _asked - starved);
        else if (starved > 0)
            _isUsedUp = true;
    }

    private void Count(Sample sample)
    {
        _samples.Add(sample);
        _failure ??= sample.Failure;
        if (sample.Response is null)
            return;
        _answered++;
        if (AnswerVote.Of(sample.Response, options, rule.Format, rule.Value) is { } value)
            _votes.Add(sample, value);
    }

    private async Task<Sample> SampleAsync(string purpose, string? model, CancellationToken cancellationToken)
    {
        var own = new LlmCallOptions(options) { Call = call.Child(purpose).Call, Cache = LlmCacheDirectives.Bypass, IdempotencyKey = null, OnCompleted = null };
        // With one seed for all, samples would agree for no good reason.
        own.Seed += _numbers++;
        own.Model = model ?? own.Model;
        try
        {
            return new(await inner.AskAsync(messages, own, own.Call!, cancellationToken).ConfigureAwait(false), own.Call!, null);
        }
        catch (Exception exception) when (exception is not OutOfMemoryException && !cancellationToken.IsCancellationRequested)
        {
            return new(null, own.Call!, exception);
        }
    }

    /// <summary>Asks a stronger model, past no gate: what the call's tenant may not use, it may not use for this either. A call that forces another model has its way.</summary>
    private async ValueTask<ChatResponse> EscalateAsync(string model, CancellationToken cancellationToken)
    {
        if (((options as LlmCallOptions)?.Model ?? options.ModelId) is { } forced && forced != model)
            return Abstained();
        var answer = await SampleAsync("escalation", model, cancellationToken).ConfigureAwait(false);
        if (answer.Response is null)
        {
            Show(answer, _samples.Count + 1);
            return Abstained();
        }

        Record("escalated", $"to the model '{model}'");
        return Taken(answer);
    }

    private ChatResponse Abstained()
    {
        if (rule.AbstainWith is not { } text)
            throw new NoMajorityException(_votes.Most, _asked, rule.Majority);
        Record("abstained", null);
        // Nobody's answer: it is not kept.
        call.Mark(AnswerMarks.Blocked);
        return new(new ChatMessage(ChatRole.Assistant, text)) { FinishReason = ChatFinishReason.Stop };
    }

    /// <summary>Makes a sample the call's answer: what happened to it, and which model gave it, goes for the call.</summary>
    private ChatResponse Taken(Sample sample)
    {
        call.AddStepsOf(sample.Call);
        call.Mark(sample.Call.Marks);
        if (sample.Call.Model is { } model)
            call.AnsweredBy(model);
        return sample.Response!;
    }

    /// <summary>Shows what was decided for a sample, unless it is the answer: then it goes for the call.</summary>
    private void Show(Sample sample, int number)
    {
        if (sample != _votes.Winner)
            call.AddStepsOf(sample.Call, step => new SampleStep(number, step) { Observed = step.Observed });
    }

    private void Record(string decision, string? reason)
    {
        var step = new VariabilityStep(decision, rule.Word, reason)
        {
            Samples = _asked,
            Agreeing = _votes.Most,
            Models = [.. _samples.Where(sample => sample.Response is not null).Select(sample => sample.Call.Model).OfType<string>()],
        };
        call.AddStep(step);
        VariabilityTelemetry.Decided(step);
    }
}
