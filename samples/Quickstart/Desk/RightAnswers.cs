using System.Text.RegularExpressions;

namespace Quickstart;

/// <summary>Renders the right answer to a request from the handbook and the order book.</summary>
internal sealed class RightAnswers(DeskHandbook handbook, OrderBook orders)
{
    public string For(WorkloadRequest request) =>
        handbook.Find(request.Expect) is { } entry ? Render(entry, request) : handbook.Fallback;

    /// <summary>Whether the right answer is the model's own refusal.</summary>
    public bool IsRefusal(WorkloadRequest request) => handbook.Find(request.Expect) is { Refuse: true };

    private string Render(DeskEntry entry, WorkloadRequest request)
    {
        var answer = entry.Answer.Replace("{customer}", SupportDesk.CustomerIn(request), StringComparison.Ordinal);
        return entry.Tool is { } tool
            ? answer.Replace("{tool}", orders.Ask(tool.Name, ArgumentOf(tool, request.Text)), StringComparison.Ordinal)
            : answer;
    }

    private static string ArgumentOf(DeskTool tool, string question) =>
        Regex.Match(question, tool.Pattern, RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1)).Groups[1].Value;
}
