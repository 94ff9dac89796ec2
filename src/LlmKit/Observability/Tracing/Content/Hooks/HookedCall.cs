using System.Diagnostics;
using LlmKit.Calls;
using Microsoft.Extensions.AI;

namespace LlmKit.Observability.Tracing;

/// <summary>What a hook leaves of one call's texts for those who record them. Where it throws it leaves nothing.</summary>
internal sealed class HookedCall
{
    private readonly TracingPolicy _policy;
    private readonly LlmCall _call;
    private RequestContent? _request;
    private string? _answerReference;

    private HookedCall(TracingPolicy policy, LlmCall call) => (_policy, _call) = (policy, call);

    /// <summary>Gets whether no text of the call may be recorded.</summary>
    public bool IsWithheld => _request is null;

    /// <summary>Gets whether the texts may be others than those of the call: what a hook did to them nobody knows.</summary>
    public bool MayDiffer => _policy.Hook is not UploadHook;

    public IReadOnlyList<ChatMessage> Messages => _request?.Messages ?? [];

    public string? Instructions => _request?.Instructions;

    /// <summary>Asks the hook about a request.</summary>
    public static HookedCall Ask(TracingPolicy policy, LlmCall call, IReadOnlyList<ChatMessage> messages, string? instructions)
    {
        var hooked = new HookedCall(policy, call);
        try
        {
            var request = new RequestContent(call.Id, call.Pipeline, CleanCopy.Of(messages, policy.HookScope))
            {
                Instructions = instructions is null ? null : CleanCopy.Of(instructions, policy.HookScope),
            };
            policy.Hook!.OnRequest(request);
            ThrowIfBroken(request.Messages);
            hooked._request = request;
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            hooked.Withhold(exception);
        }

        return hooked;
    }

    /// <summary>Asks the hook about an answer, and gives what may be recorded of it.</summary>
    public ChatResponse? Ask(ChatResponse? answer, in ChatOutcome outcome)
    {
        if (answer is null || _request is null || outcome.IsFailure)
            return null;
        try
        {
            var response = new ResponseContent(_request, CleanCopy.Of(answer, _policy.HookScope), outcome.Status == CallStatus.Completed);
            _policy.Hook!.OnResponse(response);
            ThrowIfBroken([.. response.Response.Messages]);
            _answerReference = response.MessagesReference;
            return response.Response;
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            Withhold(exception);
            return null;
        }
    }

    /// <summary>Tells where the hook stored what it was given.</summary>
    public void SetReferences(Activity span, GenAiNames names)
    {
        Set(span, names.SystemInstructionsReference, _request?.InstructionsReference);
        Set(span, names.InputMessagesReference, _request?.MessagesReference);
        Set(span, names.OutputMessagesReference, _answerReference);
    }

    private static void Set(Activity span, string name, string? reference)
    {
        if (!string.IsNullOrEmpty(reference))
            span.AddTag(name, reference);
    }

    /// <summary>Refuses what nobody could write: better no text than half of a span.</summary>
    private static void ThrowIfBroken(IReadOnlyList<ChatMessage> messages)
    {
        foreach (var message in messages)
        {
            if (message is null || message.Contents.Any(static content => content is null))
                throw new InvalidOperationException("A content hook left a message or a part that is null. Leave it out instead.");
        }
    }

    private void Withhold(Exception exception)
    {
        _request = null;
        TracingLog.HookFailed(_call.Setup.Logger, _call.Pipeline, exception.GetType().Name);
    }
}
