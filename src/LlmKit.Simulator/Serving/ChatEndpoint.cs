using System.Globalization;
using System.Text.Json;
using LlmKit.Simulator.Answers;
using LlmKit.Simulator.Faults;
using LlmKit.Simulator.Metering;
using LlmKit.Simulator.Serving.Sending;
using LlmKit.Simulator.Wire;

namespace LlmKit.Simulator.Serving;

/// <summary>Serves chat requests of one wire format.</summary>
internal sealed class ChatEndpoint(SimulatorEngine engine, IWireFormat format) : Endpoint(engine, format)
{
    protected override async Task ServeAsync(Exchange exchange, JsonElement body)
    {
        var request = Format.ReadChat(body, exchange.Model);
        exchange.Accept(request.LastUserText, request.IsStream);
        var reasoning = Math.Min(Engine.ReasoningOf(request.Model), request.MaxTokens ?? int.MaxValue);
        var answer = Answer(request, exchange.Fault, reasoning);

        // Billed from here on, should the client go away while it waits; a refusal takes the bill back.
        var input = Refusals.For(exchange) is not null ? new(TokenRule.Input(request), 0, 0, 0, 0) : Engine.PromptCache.Read(request);
        exchange.Bill = new(input, reasoning, answer.ToolCall?.Name);
        if (await IsRefusedAsync(exchange).ConfigureAwait(false))
            return;
        if (Engine.WindowOf(request.Model) is { } window && input.Input > window)
        {
            await RefuseAsync(exchange, FaultKind.ContextLengthExceeded, (int)input.Input, window).ConfigureAwait(false);
            return;
        }

        var usage = input with { Output = TokenRule.Output(answer) + reasoning, Reasoning = reasoning };
        var facts = new AnswerFacts(exchange.Id, request.Model, Engine.Clock.GetUtcNow().ToUnixTimeSeconds(), usage, request.IncludesUsage);
        exchange.Http.Response.Headers[Format.RequestIdHeader] = "req_" + exchange.Id;
        if (exchange.RequestsLeft is { } left)
            exchange.Http.Response.Headers[Format.RequestLimitHeaders.Remaining] = left.ToString(CultureInfo.InvariantCulture);
        var pieces = Pieces(answer);
        await (request.IsStream
            ? new StreamSender(exchange, Format.Stream(answer, facts)).SendAsync(pieces, OutcomeOf(answer))
            : new PlainSender(exchange, Format).SendAsync(JsonText.Of(Format.Plain(answer, facts)), pieces, OutcomeOf(answer)))
            .ConfigureAwait(false);
    }

    private ChatAnswer Answer(ChatRequest request, Fault? fault, int reasoning)
    {
        if (fault is { Kind: FaultKind.EmptyAnswer })
            return ChatAnswer.Of("");
        var answer = Engine.Answerer.Answer(request, reasoning);
        if (fault is not { Kind: FaultKind.AnswerFiltered })
            return answer;

        var passed = string.Concat(WordChunks.Split(answer.Text, Engine.WordsPerChunk).Take(fault.AfterChunks));
        return new(passed, null, FinishReason.Filtered);
    }

    private List<string> Pieces(ChatAnswer answer) => answer.ToolCall is { } call
        ? ArgumentPieces.Split(call.Arguments)
        : WordChunks.Split(answer.Text, Engine.WordsPerChunk);

    private static RequestOutcome OutcomeOf(ChatAnswer answer) =>
        answer.Finish == FinishReason.Filtered ? RequestOutcome.Filtered : RequestOutcome.Answered;
}
