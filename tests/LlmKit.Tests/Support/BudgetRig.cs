using LlmKit.Control.Budgets.Ledger;
using LlmKit.Control.Budgets.Ledger.Memory;
using LlmKit.Testing;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace LlmKit.Tests.Support;

/// <summary>A container with a manual clock and a ledger that tests can read. Models cost 1 USD a token, so "hi" and 20 tokens reserve 25.</summary>
internal sealed class BudgetRig : IDisposable
{
    public const string Tag = "team";
    public static readonly ModelPrice DollarPerToken = new(1_000_000, 1_000_000);
    private readonly ServiceProvider _services;

    public BudgetRig(Action<LlmPipelineBuilder> compose, IBudgetLedger? ledger = null, IConfiguration? configuration = null, Action<IServiceCollection>? more = null, ManualTimeProvider? time = null)
    {
        Clock = time ?? new();
        Memory = new(Clock);
        var services = new ServiceCollection();
        services.AddSingleton<TimeProvider>(Clock).AddSingleton(ledger ?? Memory);
        if (configuration is not null)
            services.AddSingleton(configuration);
        more?.Invoke(services);
        compose(services.AddLlmPipeline());
        _services = services.BuildServiceProvider();
    }

    public ManualTimeProvider Clock { get; }

    /// <summary>Gets the ledger, unless another one was given.</summary>
    public InMemoryBudgetLedger Memory { get; }

    public IServiceProvider Services => _services;

    public IChatClient Chat => _services.GetRequiredService<IChatClient>();

    /// <summary>A pipeline of one priced model under a budget.</summary>
    public static BudgetRig For(IChatClient model, Action<BudgetOptions> budget, IBudgetLedger? ledger = null) =>
        new(builder => builder.AddPriced("model", model).UseBudget(budget), ledger);

    public static BudgetRig For(ScriptedAnswer answer, Action<BudgetOptions> budget, IBudgetLedger? ledger = null) =>
        For(new ScriptedChatClient(answer), budget, ledger);

    /// <summary>Gives options that name everybody and ask for so many tokens at the most.</summary>
    public static LlmCallOptions Call(int most = 20, string? tenant = "acme", string? user = "u1", string? feature = "triage") =>
        new()
        {
            Tenant = tenant,
            User = user,
            Feature = feature,
            Tags = new Dictionary<string, string> { [Tag] = "blue" },
            Interaction = new("i1"),
            MaxOutputTokens = most,
        };

    /// <summary>Gives a limit for ever.</summary>
    public static BudgetLimit Limit(BudgetScope scope, decimal amount) =>
        new() { Scope = scope, Amount = amount, Window = BudgetWindow.Lifetime, Tag = scope == BudgetScope.Tag ? Tag : null };

    public Task<Outcome> AskAsync(bool streamed, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
        Outcome.OfAsync(Chat, streamed, options ?? Call(), cancellationToken: cancellationToken);

    /// <summary>Reads an account of the ledger in memory.</summary>
    public BudgetBalance Balance(string limit, BudgetScope scope = BudgetScope.Global, string value = "", DateOnly? start = null, DateOnly? end = null)
    {
        var reading = Memory.ReadAsync(new(limit, scope, value, Utc(start) ?? DateTimeOffset.MinValue, Utc(end) ?? DateTimeOffset.MaxValue), Clock.GetUtcNow(), CancellationToken.None);
        return reading.Result;
    }

    /// <summary>What was spent of a limit for ever.</summary>
    public decimal Spent(string limit, BudgetScope scope = BudgetScope.Global, string value = "") => Balance(limit, scope, value).Spent.Money.ToUsd();

    public decimal Reserved(string limit) => Balance(limit).Reserved.Money.ToUsd();

    public void Dispose() => _services.Dispose();

    private static DateTimeOffset? Utc(DateOnly? day) => day is { } known ? new(known, TimeOnly.MinValue, TimeSpan.Zero) : null;
}

/// <summary>Short words for pipelines under test.</summary>
internal static class RigExtensions
{
    /// <summary>Adds a model that costs 1 USD a token.</summary>
    public static LlmPipelineBuilder AddPriced(this LlmPipelineBuilder builder, string name, IChatClient client, Action<ModelOptions>? more = null) =>
        builder.AddModel(name, client, options =>
        {
            options.Price = BudgetRig.DollarPerToken;
            more?.Invoke(options);
        });

    public static LlmPipelineBuilder AddPriced(this LlmPipelineBuilder builder, string name, ScriptedAnswer answer, Action<ModelOptions>? more = null) =>
        builder.AddPriced(name, new ScriptedChatClient(answer), more);
}
