using LlmKit;
using LlmKit.Calls;
using Microsoft.Extensions.AI;

namespace DeskService;

/// <summary>A whole answer, as the plain endpoint gives it.</summary>
internal sealed record Answer(string Text, string? Model, decimal Cost, bool Cached, string CallId)
{
    public static Answer Of(ChatResponse response)
    {
        var call = response.GetCall();
        return new(response.Text, call.Model, call.Cost, (call.Marks & AnswerMarks.Cached) != AnswerMarks.None, call.Id);
    }
}
