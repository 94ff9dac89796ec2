using System.Diagnostics;
using LlmKit;
using LlmKit.Calls;
using Microsoft.Extensions.AI;

namespace Quickstart;

/// <summary>The desk's own code: builds a request, runs the tool loop, reads the answer. The same for LlmKit and for the bare SDKs.</summary>
internal sealed class DeskClient(Func<WorkloadRequest, IChatClient> clients, IReadOnlyList<AIFunction> tools, TimeSpan patience)
{
    private const int GreatestRounds = 4;

    /// <summary>Serves a request. An answer that breaks off after its first words is asked for once more.</summary>
    public async Task<Served> ServeAsync(WorkloadRequest request)
    {
        var clock = Stopwatch.StartNew();
        var attempt = new Conversation(request, clients(request), tools, clock);
        await attempt.RunAsync(patience);
        if (attempt.BrokeOff)
        {
            var again = new Conversation(request, clients(request), tools, clock) { FirstContent = attempt.FirstContent };
            await again.RunAsync(patience);
            return again.ToServed(askedAgain: true, attempt.Calls);
        }

        return attempt.ToServed(askedAgain: false, []);
    }

    private sealed class Conversation(WorkloadRequest request, IChatClient client, IReadOnlyList<AIFunction> tools, Stopwatch clock)
    {
        private readonly List<ChatMessage> _messages = [new(ChatRole.System, SupportDesk.SystemPrompt(request)), new(ChatRole.User, request.Text)];
        private readonly LlmInteraction _interaction = new();
        private AnswerEnd _end;
        private string _text = "";
        private string? _error;

        public List<LlmCall> Calls { get; } = [];

        public TimeSpan? FirstContent { get; set; }

        public bool BrokeOff => _end == AnswerEnd.Failed && _text.Length > 0;

        public async Task RunAsync(TimeSpan patience)
        {
            using var giveUp = new CancellationTokenSource(patience);
            try
            {
                for (var round = 0; round < GreatestRounds; round++)
                {
                    var response = await AskAsync(giveUp.Token);
                    var calls = response.Messages.SelectMany(message => message.Contents).OfType<FunctionCallContent>().ToList();
                    if (calls.Count == 0)
                        return;
                    _messages.AddRange(response.Messages);
                    _messages.Add(new(ChatRole.Tool, [.. await Task.WhenAll(calls.Select(InvokeAsync))]));
                    _text = "";
                }
            }
            catch (Exception exception)
            {
                if (exception.GetCall() is { } call)
                    Calls.Add(call);
                _error = exception.GetType().Name;
                _end = exception switch
                {
                    AttemptRefusedException { Reason: RefusalReason.Budget } => AnswerEnd.Refused,
                    // The cheap model was down and the tenant's money did not reach for the other one.
                    AttemptsExhaustedException several when several.Failures.Any(failure => failure is BudgetExceededException) => AnswerEnd.Refused,
                    GuardrailBlockedException => AnswerEnd.Blocked,
                    _ => AnswerEnd.Failed,
                };
            }
        }

        public Served ToServed(bool askedAgain, IEnumerable<LlmCall> earlier) =>
            new(new(request, _text, _end), clock.Elapsed, request.Stream ? FirstContent : null, askedAgain, [.. earlier, .. Calls], _interaction, _error);

        private async Task<ChatResponse> AskAsync(CancellationToken cancellationToken)
        {
            var response = request.Stream
                ? await ReadStreamAsync(cancellationToken)
                : await client.GetResponseAsync(_messages, Options(), cancellationToken);
            if (response.FindCall() is { } call)
                Calls.Add(call);
            _text = response.Text;
            _end = EndOf(response, Calls.LastOrDefault());
            return response;
        }

        private async Task<ChatResponse> ReadStreamAsync(CancellationToken cancellationToken)
        {
            var updates = new List<ChatResponseUpdate>();
            await foreach (var update in client.GetStreamingResponseAsync(_messages, Options(), cancellationToken))
            {
                if (update.GetCall() is { } call)
                    Calls.Add(call);
                updates.Add(update);
                _text += update.Text;
                if (_text.Length > 0)
                    FirstContent ??= clock.Elapsed;
            }

            return updates.ToChatResponse();
        }

        private LlmCallOptions Options()
        {
            var feature = SupportDesk.Feature(request.Feature);
            return new()
            {
                Tenant = request.Tenant,
                // A shared feature does not say who asks: its answers may serve all customers of the tenant.
                User = feature.IsShared ? null : request.User,
                Feature = feature.Name,
                Interaction = _interaction,
                MaxOutputTokens = feature.MaxOutputTokens,
                Temperature = 0.2f,
                ResponseFormat = feature.WantsJson ? ChatResponseFormat.Json : null,
                Tools = feature.OffersTools ? [.. tools] : null,
            };
        }

        private async Task<AIContent> InvokeAsync(FunctionCallContent call)
        {
            var tool = tools.First(tool => tool.Name == call.Name);
            return new FunctionResultContent(call.CallId, await tool.InvokeAsync(new AIFunctionArguments(call.Arguments).WithCall(call)));
        }

        private static AnswerEnd EndOf(ChatResponse response, LlmCall? call) =>
            call?.Marks.HasFlag(AnswerMarks.Blocked) == true ? AnswerEnd.Blocked
            : response.FinishReason == ChatFinishReason.Length ? AnswerEnd.Length
            : response.FinishReason == ChatFinishReason.ContentFilter ? AnswerEnd.ContentFiltered
            : response.FinishReason is null ? AnswerEnd.Silent
            : AnswerEnd.Complete;
    }
}
