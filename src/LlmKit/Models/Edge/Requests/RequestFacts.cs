using LlmKit.Calls;
using Microsoft.Extensions.AI;

namespace LlmKit.Models;

/// <summary>The size and the needs of a request, read from its messages and tools.</summary>
/// <remarks>The likely number of tokens takes a scan of every text, so it is found only when somebody asks. What it is for a model takes in what was learnt of that model.</remarks>
internal sealed class RequestFacts
{
    private const ModelCapabilities Media = ModelCapabilities.Images | ModelCapabilities.Audio | ModelCapabilities.Files;

    // Above this, counting with a user's tokenizer would take longer than a reservation may.
    private const long MostWorstToCount = 4_096;

    // Beyond this, learning would scan megabytes after a call; there are others to learn from.
    private const long MostWorstToScan = 262_144;

    // Messages with options, or texts to embed.
    private readonly object _source;
    private readonly ChatOptions? _options;
    private readonly long _worst;
    private readonly HeldByProvider? _held;
    private RequestTally? _tally;

    public RequestFacts(IReadOnlyList<ChatMessage> messages, ChatOptions? options)
    {
        _source = messages;
        _options = options;
        var reader = new RequestReader<WorstSink>(default);
        reader.Read(messages, options);
        _worst = reader.Sink.Tokens;
        Needs = reader.Needs;
        if (reader.State is not null || reader.Reasoning is not null)
            _held = new(reader.State, reader.Reasoning);
    }

    /// <summary>The facts of texts to embed.</summary>
    public RequestFacts(IReadOnlyList<string> texts)
    {
        _source = texts;
        foreach (var text in texts)
            _worst += TokenEstimator.WorstCase(text);
    }

    /// <summary>Gives the facts that were read of a request further out, or reads it.</summary>
    public static RequestFacts Of(IReadOnlyList<ChatMessage> messages, ChatOptions options) =>
        options is LlmCallOptions { Facts: { } known } && ReferenceEquals(known._source, messages) && ReferenceEquals(known._options, options) ? known : new(messages, options);

    /// <summary>Gives options without what was read of their request: it came through a public door, and may have been changed before it.</summary>
    public static ChatOptions Dropped(ChatOptions options)
    {
        if (options is LlmCallOptions { Facts: not null } own)
            own.Facts = null;
        return options;
    }

    /// <summary>Leaves the facts with the options of the request, for the door of the model that is asked next.</summary>
    public void Leave()
    {
        if (_options is LlmCallOptions own)
            own.Facts = this;
    }

    /// <summary>Gets the messages of the request; of texts to embed there are none.</summary>
    public IReadOnlyList<ChatMessage> Messages => (IReadOnlyList<ChatMessage>)_source;

    /// <summary>Gets the options of the request; <see langword="null"/> for none.</summary>
    public ChatOptions? Options => _options;

    /// <summary>Gets what a model must be able to take.</summary>
    public ModelCapabilities Needs { get; }

    /// <summary>Gets the provider-bound state that the request refers to, or <see langword="null"/>.</summary>
    public string? State => _held?.State;

    /// <summary>Gets the name of the last reasoning in the history that its provider sealed, or <see langword="null"/>.</summary>
    public string? Reasoning => _held?.Reasoning is { } reasoning ? ProviderState.Of(reasoning) : null;

    /// <summary>Gives the input tokens of a model that are most unlikely to be exceeded.</summary>
    public long WorstTokens(Model model, LlmCall? call = null)
    {
        var worst = model.Calibration.WorstCase(WorstText(model, call));
        return (Needs & Media) == 0 ? worst : worst + ReadMedia(model.ImageTokens).Worst;
    }

    /// <summary>Gives the input tokens that are most unlikely to be exceeded, whatever model is asked in the end.</summary>
    public long WorstTokens() => (Needs & Media) == 0 ? _worst : _worst + ReadMedia(imageTokens: null).Worst;

    /// <summary>Gives the likely input tokens of a model.</summary>
    public long Tokens(Model model, LlmCall? call = null)
    {
        _tally ??= new();
        var tokens = (model.TokenCounter is null ? null : _tally.Counted(this, model, call)) ?? model.Calibration.Correct(_tally.Mix(this));
        return (Needs & Media) == 0 ? tokens : tokens + ReadMedia(model.ImageTokens).Likely;
    }

    /// <summary>Whether the request is within a size, decided without a scan when it is clearly smaller.</summary>
    public bool FitsIn(long tokens, Model model, LlmCall? call = null) => WorstTokens(model, call) <= tokens || Tokens(model, call) <= tokens;

    /// <summary>Lets a model learn from the input tokens that its provider reported for this request.</summary>
    public void Teach(Model model, LlmCall? call, long reported)
    {
        // What the provider adds from its own memory, and what it makes of an image, says nothing about texts.
        if (reported <= 0 || State is not null || (Needs & Media) != 0)
            return;
        if (!model.Calibration.Note(WorstText(model, call), reported) || model.TokenCounter is not null || _worst > MostWorstToScan)
            return;
        try
        {
            model.Calibration.Learn(_tally is null ? Scan() : _tally.Mix(this), reported);
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            // The answer is there. A request that its owner changed meanwhile teaches nothing.
        }
    }

    /// <summary>Scans the texts.</summary>
    public TokenMix Scan()
    {
        var reader = new RequestReader<ScanSink>(default);
        Read(ref reader);
        return reader.Sink.Mix;
    }

    /// <summary>Counts with the model's own tokenizer; <see langword="null"/> when it failed.</summary>
    public long? Count(Model model, LlmCall? call)
    {
        try
        {
            var reader = new RequestReader<CountSink>(new(model.TokenCounter!));
            Read(ref reader);
            return reader.Sink.Tokens;
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            if (call is not null)
                CallLog.TokenCounterFailed(call.Setup.Logger, model.Name, exception.GetType().Name);
            return null;
        }
    }

    private long WorstText(Model model, LlmCall? call) =>
        model.TokenCounter is not null && _worst <= MostWorstToCount && (_tally ??= new()).Counted(this, model, call) is { } counted
            ? counted + counted / 10 + 1
            : _worst;

    private MediaSink ReadMedia(ImageTokenRule? imageTokens)
    {
        var reader = new RequestReader<MediaSink>(new(imageTokens));
        Read(ref reader);
        return reader.Sink;
    }

    private void Read<TSink>(ref RequestReader<TSink> reader)
        where TSink : struct, IRequestSink
    {
        if (_source is IReadOnlyList<ChatMessage> messages)
        {
            reader.Read(messages, _options);
            return;
        }

        foreach (var text in (IReadOnlyList<string>)_source)
        {
            if (!string.IsNullOrEmpty(text))
                reader.Sink.Text(text);
        }
    }

    /// <summary>What only few requests have.</summary>
    private sealed record HeldByProvider(string? State, string? Reasoning);
}
