using LlmKit.Calls;
using Microsoft.Extensions.AI;

namespace LlmKit.Models;

/// <summary>The size and the needs of a request, read from its messages and tools.</summary>
/// <remarks>The likely number of tokens takes a scan of every text, so it is found only when somebody asks.</remarks>
internal sealed class RequestFacts
{
    // Providers charge an image by its size; without decoding it, a large one's price is the safe figure.
    private const int TokensPerImage = 1_105;
    private const int WorstTokensPerImage = 2_000;

    private readonly IReadOnlyList<ChatMessage> _messages;
    private readonly ChatOptions? _options;
    private long _tokens = -1;

    public RequestFacts(IReadOnlyList<ChatMessage> messages, ChatOptions? options)
    {
        _messages = messages;
        _options = options;
        var reader = new Reader(exact: false);
        reader.Read(messages, options);
        WorstTokens = reader.Tokens;
        Needs = reader.Needs;
        State = reader.State;
    }

    /// <summary>The facts of texts to embed.</summary>
    public RequestFacts(IReadOnlyList<string> texts)
    {
        _messages = [];
        _tokens = 0;
        foreach (var text in texts)
        {
            _tokens += TokenEstimator.Estimate(text);
            WorstTokens += TokenEstimator.WorstCase(text);
        }
    }

    /// <summary>Gets the input tokens that are most unlikely to be exceeded.</summary>
    public long WorstTokens { get; }

    /// <summary>Gets what a model must be able to take.</summary>
    public ModelCapabilities Needs { get; }

    /// <summary>Gets the provider-bound state that the request refers to, or <see langword="null"/>.</summary>
    public string? State { get; }

    /// <summary>Gets the likely input tokens.</summary>
    public long Tokens
    {
        get
        {
            if (_tokens < 0)
            {
                var reader = new Reader(exact: true);
                reader.Read(_messages, _options);
                _tokens = reader.Tokens;
            }

            return _tokens;
        }
    }

    /// <summary>The text that the request sends up to any size in tokens, decided without a scan when it is clearly smaller.</summary>
    public bool FitsIn(long tokens) => WorstTokens <= tokens || Tokens <= tokens;

    private struct Reader(bool exact)
    {
        public long Tokens;
        public ModelCapabilities Needs;
        public string? State;

        public void Read(IReadOnlyList<ChatMessage> messages, ChatOptions? options)
        {
            for (var i = 0; i < messages.Count; i++)
                Read(messages[i] ?? throw RequestMessages.NoMessage(i), i);
            Read(options);
        }

        private void Read(ChatMessage message, int index)
        {
            Add(TokenEstimator.TokensPerMessage, TokenEstimator.TokensPerMessage);
            var contents = message.Contents;
            for (var i = 0; i < contents.Count; i++)
                Read(contents[i] ?? throw RequestMessages.NoContent(i, index));
        }

        private void Read(ChatOptions? options)
        {
            if (options is null)
                return;
            if (options.Instructions is { Length: > 0 } instructions)
            {
                Add(TokenEstimator.TokensPerMessage, TokenEstimator.TokensPerMessage);
                Add(instructions);
            }

            if (options.Tools is { Count: > 0 } tools)
            {
                Needs |= ModelCapabilities.Tools;
                foreach (var tool in tools)
                    Add(tool);
            }

            if (options.ResponseFormat is ChatResponseFormatJson { Schema: { } schema })
            {
                Needs |= ModelCapabilities.StructuredOutput;
                Add(ToolText.Minified(schema));
            }

            State ??= options.ConversationId ?? ProviderState.Of(options.ContinuationToken);
        }

        private void Read(AIContent content)
        {
            switch (content)
            {
                case TextContent text:
                    Add(text.Text);
                    break;
                case TextReasoningContent reasoning:
                    Add(reasoning.Text);
                    break;
                case FunctionCallContent call:
                    Add(call.Name);
                    Add(ToolText.Arguments(call));
                    break;
                case FunctionResultContent result:
                    Add(ToolText.Result(result));
                    break;
                case DataContent data:
                    ReadMedia(data.MediaType, data.Data.Length);
                    break;
                case UriContent uri:
                    ReadMedia(uri.MediaType, bytes: 0);
                    break;
                default:
                    State ??= ProviderState.Of(content);
                    break;
            }
        }

        private void ReadMedia(string mediaType, int bytes)
        {
            // A text in a file is as many tokens as any other text.
            var isText = mediaType.StartsWith("text/", StringComparison.OrdinalIgnoreCase) || mediaType.EndsWith("json", StringComparison.OrdinalIgnoreCase) || mediaType.EndsWith("xml", StringComparison.OrdinalIgnoreCase);
            Add(isText ? Math.Max(TokensPerImage, bytes / 4) : TokensPerImage, isText ? Math.Max(WorstTokensPerImage, bytes / 2) : WorstTokensPerImage);
            Needs |= mediaType.StartsWith("image/", StringComparison.OrdinalIgnoreCase) ? ModelCapabilities.Images
                : mediaType.StartsWith("audio/", StringComparison.OrdinalIgnoreCase) ? ModelCapabilities.Audio
                : ModelCapabilities.Files;
        }

        private void Add(AITool tool)
        {
            Add(tool.Name);
            Add(tool.Description);
            if (ProviderState.InputsOf(tool) is { Count: > 0 } inputs)
                State ??= inputs.Select(ProviderState.Of).FirstOrDefault(state => state is not null);
            if (tool is AIFunctionDeclaration function)
                Add(ToolText.Minified(function.JsonSchema));
        }

        private void Add(string? text)
        {
            if (!string.IsNullOrEmpty(text))
                Tokens += exact ? TokenEstimator.Estimate(text) : TokenEstimator.WorstCase(text);
        }

        private void Add(long likely, long worst) => Tokens += exact ? likely : worst;
    }
}
