using LlmKit.Testing;

namespace LlmKit.Tests.Control.Guardrails;

/// <summary>What a model says that was asked to judge, with the mark that it was given.</summary>
internal static class JudgeReplies
{
    public static string Of(ScriptedRequest request, string score) => $$"""{"mark": "{{MarkIn(request)}}", "score": {{score}}}""";

    public static string MarkIn(ScriptedRequest request)
    {
        var instructions = request.Messages[0].Text;
        var at = instructions.IndexOf("\"mark\": \"", StringComparison.Ordinal) + 9;
        return instructions[at..instructions.IndexOf('"', at)];
    }
}
