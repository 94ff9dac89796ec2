using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.RegularExpressions;
using LlmKit.Checks.Schemas;
using Microsoft.Extensions.AI;

namespace LlmKit.Control.Guardrails;

/// <summary>The rules about tool calls, compiled.</summary>
internal sealed class ToolPolicy
{
    private static readonly TimeSpan PatternTimeLimit = TimeSpan.FromMilliseconds(100);
    private static readonly ConditionalWeakTable<AIFunctionDeclaration, StrongBox<JsonSchema?>> Declared = [];

    private readonly ToolRailOptions _options;
    private readonly Dictionary<string, JsonSchema> _schemas = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Tool, string Argument), Regex> _patterns = [];

    private ToolPolicy(ToolRailOptions options) => _options = options;

    public ToolViolation WhenViolated => _options.WhenViolated;

    public TimeSpan ApprovalTimeLimit => _options.ApprovalTimeLimit;

    public int? MostCalls => _options.MostCalls;

    public Func<ToolCallRequest, CancellationToken, ValueTask<bool>>? Approval => _options.Approval;

    public static ToolPolicy Compile(ToolRailOptions options, List<string> failures)
    {
        var policy = new ToolPolicy(options.Copy());
        if (options.MostCalls < 1)
            failures.Add($"The limit of '{options.MostCalls}' tool calls is below 1. Set ToolRailOptions.MostCalls, or leave it unset for no limit.");
        if (!Enum.IsDefined(options.WhenViolated))
            failures.Add($"'{options.WhenViolated}' is not a value of ToolViolation. Use Block or Remove.");
        if (options.ApprovalTimeLimit <= TimeSpan.Zero || options.ApprovalTimeLimit > TimeSpan.FromMinutes(10))
            failures.Add($"The time limit '{options.ApprovalTimeLimit}' of approvals is outside 0 to 10 minutes. Set ToolRailOptions.ApprovalTimeLimit.");
        foreach (var (tool, schema) in options.Schemas)
            policy.AddSchema(tool, schema, failures);
        foreach (var (tool, argument, pattern) in options.Patterns)
            policy.AddPattern(tool, argument, pattern, failures);
        return policy;
    }

    public bool NeedsApproval(string tool) => _options.Approval is not null && (_options.ToApprove.Count == 0 || _options.ToApprove.Contains(tool));

    /// <summary>Gives the rule that a tool call breaks; <see langword="null"/> when it breaks none.</summary>
    public string? Check(FunctionCallContent call, ChatOptions options)
    {
        if (_options.Denied.Contains(call.Name) || _options.Allowed?.Contains(call.Name) == false)
            return "tool-denied";
        var declared = options.Tools?.OfType<AIFunctionDeclaration>().FirstOrDefault(tool => tool.Name == call.Name);
        if (_options.OnlyDeclared && declared is null)
            return "tool-undeclared";
        // What the provider's client could not read is no argument.
        if (call.Exception is not null)
            return "tool-arguments";
        var fits = (!_options.CheckArguments || declared is null || Fits(SchemaOf(declared), call))
            && Fits(_schemas.GetValueOrDefault(call.Name), call)
            && FitsPatterns(call);
        return fits ? null : "tool-arguments";
    }

    private static bool Fits(JsonSchema? schema, FunctionCallContent call)
    {
        if (schema is null)
            return true;
        var errors = new List<SchemaError>();
        schema.Validate(JsonSerializer.SerializeToElement(call.Arguments ?? new Dictionary<string, object?>(), AIJsonUtilities.DefaultOptions.GetTypeInfo(typeof(IDictionary<string, object?>))), errors, 1);
        return errors.Count == 0;
    }

    private bool FitsPatterns(FunctionCallContent call)
    {
        if (_patterns.Count == 0 || call.Arguments is null)
            return true;
        foreach (var (name, value) in call.Arguments)
        {
            if (_patterns.TryGetValue((call.Name, name), out var pattern) && !pattern.IsMatch(TextOf(value)))
                return false;
        }

        return true;
    }

    private static string TextOf(object? value) => value switch
    {
        null => "",
        string text => text,
        JsonElement { ValueKind: JsonValueKind.String } json => json.GetString()!,
        _ => JsonSerializer.Serialize(value, AIJsonUtilities.DefaultOptions.GetTypeInfo(typeof(object))),
    };

    /// <summary>A declared schema is the application's own. One that says what is not understood here is left to the tool.</summary>
    private static JsonSchema? SchemaOf(AIFunctionDeclaration tool) => Declared.GetValue(tool, static declared => new(Compiled(declared))).Value;

    private static JsonSchema? Compiled(AIFunctionDeclaration tool)
    {
        try
        {
            return JsonSchema.Compile(tool.JsonSchema);
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    private void AddSchema(string tool, JsonElement schema, List<string> failures)
    {
        try
        {
            _schemas[tool] = JsonSchema.Compile(schema);
        }
        catch (ArgumentException exception)
        {
            failures.Add($"The schema of the tool '{tool}' cannot be used: {exception.Message}");
        }
    }

    private void AddPattern(string tool, string argument, string pattern, List<string> failures)
    {
        try
        {
            _patterns[(tool, argument)] = new($@"\A(?:{pattern})\z", RegexOptions.CultureInvariant, PatternTimeLimit);
        }
        catch (ArgumentException)
        {
            failures.Add($"The pattern of the argument '{argument}' of the tool '{tool}' is no regular expression. Correct it in ToolRailOptions.Argument.");
        }
    }
}
