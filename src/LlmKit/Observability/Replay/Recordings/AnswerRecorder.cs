using System.Text.Json.Nodes;
using LlmKit.Models;
using Microsoft.Extensions.AI;

namespace LlmKit.Observability.Replay;

/// <summary>Records the answer to one request at the place that was kept for it.</summary>
internal sealed class AnswerRecorder(Tape tape, Recording recording, RequestRules rules, bool keepTimes, Func<Exception, ModelFailure?>? classify, Action<Exception> fault) : IAnswerListener
{
    public ValueTask HeardAsync(ChatResponse response, CancellationToken cancellationToken)
    {
        Keep(() => AnswerJson.Of(response, rules, keepTimes));
        return default;
    }

    public ValueTask HeardAsync(HeardStream stream, CancellationToken cancellationToken)
    {
        Keep(() => Of(stream));
        return default;
    }

    public ValueTask HeardAsync(GeneratedEmbeddings<Embedding<float>> embeddings, CancellationToken cancellationToken)
    {
        Keep(() => AnswerJson.Of(embeddings, rules));
        return default;
    }

    public void Failed(Exception exception, HeardStream? stream) => Keep(() =>
    {
        var answer = stream is { Updates.Count: > 0 } ? Of(stream) : [];
        answer["error"] = ErrorJson.Of(exception, classify, rules);
        return answer;
    });

    public void Nothing() => tape.Remove(recording);

    private JsonObject Of(HeardStream stream)
    {
        var answer = AnswerJson.Of(stream.Updates, stream.Times, rules, keepTimes);
        return stream.IsLeft ? answer.Put("left", JsonValue.Create(true)) : answer;
    }

    private void Keep(Func<JsonObject> answer)
    {
        try
        {
            tape.Answer(recording, answer());
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            tape.Remove(recording);
            fault(exception);
        }
    }
}
