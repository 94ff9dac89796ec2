using System.Text.Json;
using LlmKit.Execution.Idempotency;
using LlmKit.Internal;
using LlmKit.Testing;
using LlmKit.Tests.Support;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;

namespace LlmKit.Tests.Execution.Idempotency;

/// <summary>A pipeline with a budget, idempotency and one scripted model, on a clock that stands still.</summary>
internal sealed class IdempotencyRig : IDisposable
{
    public const string Limit = "all";

    private readonly BudgetRig _rig;

    public IdempotencyRig(
        Func<int, ScriptedAnswer> script, Action<IdempotencyOptions>? configure = null, IIdempotencyStore? store = null, Action<LlmPipelineBuilder>? inside = null, IChatClient? client = null)
    {
        Clock = new();
        Model = new((number, _) => script(number), Clock);
        _rig = new(
            builder =>
            {
                builder.AddPriced("model", client ?? Model).UseBudget(budget => budget.Global(Limit, 1_000_000, BudgetWindow.Lifetime)).UseIdempotency(configure);
                inside?.Invoke(builder);
            },
            more: services => _ = store is null ? services : services.AddSingleton(store),
            time: Clock);
    }

    public ManualTimeProvider Clock { get; }

    public ScriptedChatClient Model { get; }

    public IChatClient Chat => _rig.Chat;

    public decimal Spent => _rig.Spent(Limit);

    public decimal Reserved => _rig.Reserved(Limit);

    public static LlmCallOptions Keyed(string? key = "order-7", string? tenant = "acme", string? user = "u1") =>
        new() { Tenant = tenant, User = user, IdempotencyKey = key, MaxOutputTokens = 20 };

    /// <summary>A model that numbers its answers.</summary>
    public static IdempotencyRig Numbering(Action<IdempotencyOptions>? configure = null, IIdempotencyStore? store = null, Action<LlmPipelineBuilder>? inside = null) =>
        new(number => ScriptedAnswer.Text("answer ", $"{number}"), configure, store, inside);

    public static IdempotencyRig Of(params ScriptedAnswer[] answers) => new(number => answers[Math.Min(number, answers.Length - 1)]);

    /// <summary>A model whose first answer takes its time.</summary>
    public static IdempotencyRig Slow(Action<IdempotencyOptions>? configure = null) =>
        new(number => ScriptedAnswer.Text("answer ", $"{number}") with { Delay = TimeSpan.FromSeconds(number == 0 ? 5 : 0), DelayBetween = TimeSpan.FromSeconds(1) }, configure);

    public Task<Outcome> AskAsync(bool streamed, ChatOptions? options = null, string prompt = "hi", CancellationToken cancellationToken = default) =>
        Outcome.OfAsync(Chat, streamed, options ?? Keyed(), prompt, cancellationToken);

    /// <summary>Waits until the model was asked so often.</summary>
    public Task AskedAsync(int times) => ManualTimeExtensions.UntilAsync(() => Model.Requests.Count >= times);

    /// <summary>Gets how many requests are on their way.</summary>
    public int OnTheirWay => ((IdempotencyChatClient)Chat.GetService(typeof(IdempotencyChatClient))!).Flights.Count;

    /// <summary>Gives everything of an answer that is not usage, as JSON.</summary>
    public static string Json(ChatResponse response)
    {
        var copy = AnswerCopy.With(response, response.Messages);
        copy.Usage = null;
        return JsonSerializer.Serialize(copy, AIJsonUtilities.DefaultOptions);
    }

    public void Dispose() => _rig.Dispose();
}
