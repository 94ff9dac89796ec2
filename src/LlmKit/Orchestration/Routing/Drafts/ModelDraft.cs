using LlmKit.Calls;
using LlmKit.Models;
using Microsoft.Extensions.AI;

namespace LlmKit.Orchestration.Routing.Drafts;

/// <summary>A model's answer that a cascade may put aside, with what it answers.</summary>
/// <remarks>Treated as immutable. It holds texts of the conversation: they belong in no log, exception, metric or reason.</remarks>
public sealed class ModelDraft
{
    private readonly Func<LlmCallOptions, CancellationToken, Task<ChatResponse>> _ask;
    private readonly Func<string, IChatClient> _door;
    private string? _prompt;
    private int _samples;

    internal ModelDraft(
        string model,
        ChatResponse answer,
        IReadOnlyList<ChatMessage> messages,
        ChatOptions options,
        LlmCall call,
        Func<LlmCallOptions, CancellationToken, Task<ChatResponse>> ask,
        Func<string, IChatClient> door)
    {
        (Model, Answer, Messages, Options, Call) = (model, answer, messages, options, call);
        (_ask, _door) = (ask, door);
        Text = answer.Text;
    }

    /// <summary>Gets the registered model that wrote the draft.</summary>
    public string Model { get; }

    /// <summary>Gets the draft.</summary>
    public ChatResponse Answer { get; }

    /// <summary>Gets the draft's text.</summary>
    public string Text { get; }

    /// <summary>Gets the text of the last message of the user.</summary>
    public string Prompt => _prompt ??= Messages.LastOrDefault(message => message.Role == ChatRole.User)?.Text ?? "";

    /// <summary>Gets the messages that it answers.</summary>
    public IReadOnlyList<ChatMessage> Messages { get; }

    /// <summary>Gets the options that it was asked with.</summary>
    public ChatOptions Options { get; }

    /// <summary>Gets the call that it belongs to; a judge makes its own calls with <see cref="LlmCall.Child"/>, so that they are paid and shown.</summary>
    public LlmCall Call { get; }

    /// <summary>Gets whether the draft calls a tool.</summary>
    internal bool CallsTools => Answer.Messages.Any(message => message.Contents.OfType<FunctionCallContent>().Any());

    /// <summary>Gets a door to another model of the router, for judges: to be called with the options of <see cref="LlmCall.Child"/>.</summary>
    /// <param name="name">The registered name.</param>
    /// <returns>The client. Disposing of it does nothing.</returns>
    /// <exception cref="AttemptRefusedException">The call's tenant may not use the model.</exception>
    /// <exception cref="LlmConfigurationException">No model of that name is registered.</exception>
    public IChatClient GetModel(string name) => _door(name);

    /// <summary>Asks the model that wrote the draft once more, at the call's expense.</summary>
    /// <param name="temperature">The temperature; that of the request by default.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>Another answer to the same request.</returns>
    public Task<ChatResponse> SampleAsync(float? temperature = null, CancellationToken cancellationToken = default)
    {
        var options = new LlmCallOptions(Options) { Call = Call.Child("sample").Call, Cache = LlmCacheDirectives.Bypass, IdempotencyKey = null, OnCompleted = null };
        options.Temperature = temperature ?? options.Temperature;
        if (temperature is not null)
            StageSampling.Note(options, SamplingParameters.Temperature);
        // With one seed for all, answers would agree for no good reason.
        options.Seed += Interlocked.Increment(ref _samples);
        return _ask(options, cancellationToken);
    }
}
