using LlmKit.Calls;
using LlmKit.Models;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace LlmKit.Pipeline;

/// <summary>Builds a pipeline once: clients and edges, the stages of each model, the router, the shared stages, the root.</summary>
internal sealed class PipelineFactory
{
    [ThreadStatic]
    private static HashSet<PipelineRegistration>? building;

    private readonly PipelineRegistration _registration;
    private readonly IServiceProvider _services;
    private readonly ILogger _logger;
    private readonly List<ModelRegistration<IChatClient>> _models;
    private readonly PipelineRuntime _runtime;
    private readonly LlmStageContext _context;
    private readonly EmbeddingDoors _embeddings = new();
    private readonly List<Action<LlmCall>> _opened = [];

    private PipelineFactory(PipelineRegistration registration, IServiceProvider services)
    {
        _registration = registration;
        _services = services;
        _logger = services.GetService<ILoggerFactory>()?.CreateLogger("LlmKit.Pipeline") ?? Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance;
        _models = TakenOverModel.Add(registration);
        PipelineRuntime? runtime = null;
        _context = new(services, registration.Name, modelName: null, [.. _models.Select(model => model.Name)], name => new ModelDoor(() => runtime!.FindBranch(name)!), _embeddings.Find);
        _runtime = runtime = new(registration, services.GetService<IConfiguration>(), _context, _logger);
    }

    public static IChatClient Build(PipelineRegistration registration, IServiceProvider services)
    {
        building ??= [];
        if (!building.Add(registration))
        {
            throw new LlmConfigurationException(registration.Name, [
                "It needs itself: a model or stage of it resolves the very client that is being built. Register the provider's client before AddLlmPipeline(), or give it a key and resolve that."]);
        }

        try
        {
            return new PipelineFactory(registration, services).Build();
        }
        finally
        {
            building.Remove(registration);
        }
    }

    private PipelineChatClient Build()
    {
        CheckStructure();
        _registration.IsBuilt = true;
        var state = new ProviderState();
        var facts = new List<ModelFacts>();
        var clients = _models.ConvertAll(model => CreateModel(model, facts));
        var generators = _registration.Embeddings.ConvertAll(model => CreateEmbeddings(model, facts));
        _runtime.Start(facts);
        var limitsMoney = _registration.Stages.Exists(stage => stage.LimitsMoney);
        for (var i = 0; i < generators.Count; i++)
        {
            var registration = _registration.Embeddings[i];
            _embeddings.Add(registration.Name, new EmbeddingEdge(generators[i], new(() => _runtime.Current, _runtime.SlotOfModel(_models.Count + i)), registration.IsOwned) { MustHaveHooks = limitsMoney });
        }

        _embeddings.Fallback = _services.GetService<IEmbeddingGenerator<string, Embedding<float>>>;
        var root = Compose(clients, state, limitsMoney);
        _runtime.Follow([.. _opened]);
        return new(root, _runtime, _embeddings);
    }

    private void CheckStructure()
    {
        var failures = new List<string>();
        var warnings = new List<string>();
        if (_models.Count == 0)
            failures.Add("It has no model. Add one with AddOpenAIModel, AddAnthropicModel or AddModel.");
        if (_registration.TakenOver is not null && _registration.Models.Count > 0)
            failures.Add("An IChatClient was registered before AddLlmPipeline() and models were added as well. Keep the registration, which becomes the model, or remove it and add it with AddModel.");
        foreach (var twice in _models.Select(model => model.Name).Concat(_registration.Embeddings.Select(model => model.Name)).GroupBy(name => name).Where(group => group.Count() > 1))
            failures.Add($"Two models have the name '{twice.Key}'. Give each its own.");
        if (_models.Count > 1 && !_registration.Stages.Exists(stage => stage.IsFork))
            failures.Add("It has several models and no router. Add UseRouter, or keep one model.");
        StageOrder.Check(_registration.Stages, failures, warnings);
        CheckConfiguredModels(failures);
        if (failures.Count > 0)
            throw new LlmConfigurationException(_registration.Name, failures);
        foreach (var warning in warnings)
            PipelineLog.Order(_logger, _registration.Name, warning);
    }

    private void CheckConfiguredModels(List<string> failures)
    {
        foreach (var section in _runtime.Section("Models")?.GetChildren() ?? [])
        {
            if (!_context.Models.Contains(section.Key, StringComparer.OrdinalIgnoreCase) && !_registration.Embeddings.Exists(model => string.Equals(model.Name, section.Key, StringComparison.OrdinalIgnoreCase)))
                failures.Add($"The configuration names the model '{section.Key}', which the code does not add. Add it with AddOpenAIModel, AddAnthropicModel or AddModel, or correct the name.");
        }
    }

    private IChatClient CreateModel(ModelRegistration<IChatClient> model, List<ModelFacts> facts)
    {
        var client = model.Create(FirstOptions(model), _services) ?? throw new LlmConfigurationException(_registration.Name, [$"The factory of the model '{model.Name}' returned null. Return a chat client."]);
        var metadata = client.GetService<ChatClientMetadata>();
        facts.Add(new(failures => model.ReadOptions(_runtime.Section("Models", model.Name), failures), model.Name, metadata?.ProviderName, metadata?.DefaultModelId));
        return client;
    }

    private IEmbeddingGenerator<string, Embedding<float>> CreateEmbeddings(ModelRegistration<IEmbeddingGenerator<string, Embedding<float>>> model, List<ModelFacts> facts)
    {
        var generator = model.Create(FirstOptions(model), _services) ?? throw new LlmConfigurationException(_registration.Name, [$"The factory of the embedding model '{model.Name}' returned null. Return a generator."]);
        var metadata = generator.GetService<EmbeddingGeneratorMetadata>();
        facts.Add(new(failures => model.ReadOptions(_runtime.Section("Models", model.Name), failures), model.Name, metadata?.ProviderName, metadata?.DefaultModelId));
        return generator;
    }

    private ModelOptions FirstOptions<TClient>(ModelRegistration<TClient> model)
    {
        var failures = new List<string>();
        var options = model.ReadOptions(_runtime.Section("Models", model.Name), failures);
        return failures.Count > 0 ? throw new LlmConfigurationException(_registration.Name, failures) : options;
    }

    private IChatClient Compose(List<IChatClient> clients, ProviderState state, bool limitsMoney)
    {
        var stages = _registration.Stages;
        var fork = stages.FindIndex(stage => stage.IsFork);
        var branches = new List<ModelBranch>();
        for (var i = 0; i < clients.Count; i++)
        {
            var facts = new StageSettings<Model>(() => _runtime.Current, _runtime.SlotOfModel(i));
            IChatClient client = new ModelEdge(clients[i], facts, state, _models[i].IsOwned) { MustHaveHooks = limitsMoney };
            if (fork >= 0)
                client = Wrap(client, stages.Count - 1, fork + 1, _context.ForModel(_models[i].Name));
            branches.Add(new(_models[i].Name, client, facts));
            _runtime.AddBranch(_models[i].Name, client);
        }

        if (fork < 0)
            return Wrap(branches[0].Client, stages.Count - 1, 0, _context);
        var router = stages[fork].Fork(branches, () => _runtime.Current, PipelineRuntime.SlotOf(fork), _context);
        return Wrap(router, fork - 1, 0, _context);
    }

    private IChatClient Wrap(IChatClient client, int innermost, int outermost, LlmStageContext context)
    {
        for (var i = innermost; i >= outermost; i--)
        {
            var stage = _registration.Stages[i];
            client = stage.Wrap(client, () => _runtime.Current, PipelineRuntime.SlotOf(i), context);
            if (stage.OnOpened(client) is { } opened)
                _opened.Add(opened);
        }

        return client;
    }
}
