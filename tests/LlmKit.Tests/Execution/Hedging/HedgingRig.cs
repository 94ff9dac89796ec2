using LlmKit.Testing;
using LlmKit.Tests.Support;
using Microsoft.Extensions.AI;

namespace LlmKit.Tests.Execution.Hedging;

/// <summary>A model under a budget whose second attempts are hedges, on a clock that stands still.</summary>
internal sealed class HedgingRig : IDisposable
{
    public static readonly TimeSpan Delay = TimeSpan.FromSeconds(2);
    private readonly BudgetRig _rig;

    public HedgingRig(Func<int, ScriptedAnswer> script, Action<HedgingOptions>? hedging = null, Action<LlmPipelineBuilder>? inside = null, decimal limit = 1_000_000)
    {
        var clock = new ManualTimeProvider();
        Model = new((number, _) => script(number), clock);
        _rig = new(
            builder =>
            {
                builder.AddPriced("model", Model).UseBudget(budget => budget.Global("all", limit, BudgetWindow.Lifetime)).UseHedging(options =>
                {
                    options.Delay = Delay;
                    hedging?.Invoke(options);
                });
                inside?.Invoke(builder);
            },
            time: clock);
    }

    public ScriptedChatClient Model { get; }

    public IChatClient Chat => _rig.Chat;

    public ManualTimeProvider Clock => _rig.Clock;

    public static HedgingRig Of(params ScriptedAnswer[] answers) => new(number => answers[Math.Min(number, answers.Length - 1)]);

    public static ScriptedAnswer After(double seconds, string text) => ScriptedAnswer.Text(text) with { Delay = TimeSpan.FromSeconds(seconds) };

    public Task<Outcome> StartAsync(bool streamed, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
        _rig.AskAsync(streamed, options, cancellationToken);

    /// <summary>Asks and moves the clock until the outcome is there.</summary>
    public Task<Outcome> AskAsync(bool streamed, ChatOptions? options = null) => Clock.FinishAsync(StartAsync(streamed, options));

    /// <summary>Waits until the model was asked so often.</summary>
    public Task AskedAsync(int times) => ManualTimeExtensions.UntilAsync(() => Model.Requests.Count >= times);

    /// <summary>Waits until everything is paid, and the loser has let go of its stream and its timers, of which those that are kept for the next attempt fire once; says what is left of the money.</summary>
    public async Task<(int Reservations, decimal Unpaid)> LeftAsync(Outcome outcome)
    {
        await outcome.Call!.WhenSettled;
        Clock.Advance(Delay);
        await ManualTimeExtensions.UntilAsync(() => Model.OpenStreams == 0 && Clock.ActiveTimers == 0);
        return (_rig.Memory.OpenReservations, outcome.Call.Cost - _rig.Spent("all"));
    }

    public void Dispose() => _rig.Dispose();
}
