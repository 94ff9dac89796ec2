using System.Text.Json;
using Microsoft.Extensions.Configuration;

namespace LlmKit;

/// <summary>What tools a model may ask for, and with what.</summary>
/// <remarks>Settings: change them only while the pipeline is being configured. Lists and scalars are bound from <c>LlmKit:&lt;pipeline&gt;:Guardrails:Tools</c>.</remarks>
public sealed class ToolRailOptions
{
    /// <summary>Gets or sets the tools that may be called.</summary>
    /// <value><see langword="null"/> by default, for all that the request declares.</value>
    public IReadOnlyList<string>? Allowed { get; set; }

    /// <summary>Gets or sets the tools that may not be called.</summary>
    /// <value>Empty by default.</value>
    public IReadOnlyList<string> Denied { get; set; } = [];

    /// <summary>Gets or sets whether only tools that the request declares may be called.</summary>
    /// <value><see langword="true"/> by default: a name that was made up, or put there by a document, is stopped.</value>
    public bool OnlyDeclared { get; set; } = true;

    /// <summary>Gets or sets whether the arguments must fit the schema that the tool declares.</summary>
    /// <value><see langword="true"/> by default.</value>
    public bool CheckArguments { get; set; } = true;

    /// <summary>Gets or sets the most tool calls after one message of the user, those of earlier rounds included.</summary>
    /// <value><see langword="null"/> by default, for no limit; 1 or more.</value>
    public int? MostCalls { get; set; }

    /// <summary>Gets or sets what happens to an answer whose tool call breaks a rule.</summary>
    /// <value><see cref="ToolViolation.Block"/> by default.</value>
    public ToolViolation WhenViolated { get; set; }

    /// <summary>Gets or sets how long an approval may take.</summary>
    /// <value>1 minute by default; more than 0, at most 10 minutes. Whoever does not answer in time has not approved.</value>
    public TimeSpan ApprovalTimeLimit { get; set; } = TimeSpan.FromMinutes(1);

    internal Dictionary<string, JsonElement> Schemas { get; private set; } = new(StringComparer.Ordinal);

    internal List<(string Tool, string Argument, string Pattern)> Patterns { get; private set; } = [];

    internal Func<ToolCallRequest, CancellationToken, ValueTask<bool>>? Approval { get; private set; }

    internal IReadOnlyList<string> ToApprove { get; private set; } = [];

    /// <summary>Gives a tool's arguments a schema of yours, beside the declared one.</summary>
    /// <param name="tool">The tool's name.</param>
    /// <param name="schema">The JSON schema of an object.</param>
    /// <returns>These options.</returns>
    public ToolRailOptions Schema(string tool, JsonElement schema)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(tool);
        Schemas[tool] = schema.Clone();
        return this;
    }

    /// <summary>Holds an argument of a tool to a regular expression, which must match all of it.</summary>
    /// <param name="tool">The tool's name.</param>
    /// <param name="argument">The argument's name. Where the call does not have it, nothing is checked: make it required in the schema.</param>
    /// <param name="pattern">The pattern, culture-invariant.</param>
    /// <returns>These options.</returns>
    public ToolRailOptions Argument(string tool, string argument, string pattern)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(tool);
        ArgumentException.ThrowIfNullOrWhiteSpace(argument);
        ArgumentException.ThrowIfNullOrWhiteSpace(pattern);
        Patterns.Add((tool, argument, pattern));
        return this;
    }

    /// <summary>Lets somebody approve tool calls before they are shown to whoever runs them.</summary>
    /// <param name="approve">Says whether a call may go on; thread-safe. A failure is a no.</param>
    /// <param name="tools">The tools; none for all.</param>
    /// <returns>These options.</returns>
    public ToolRailOptions Approve(Func<ToolCallRequest, CancellationToken, ValueTask<bool>> approve, params string[] tools)
    {
        ArgumentNullException.ThrowIfNull(approve);
        ArgumentNullException.ThrowIfNull(tools);
        (Approval, ToApprove) = (approve, [.. tools]);
        return this;
    }

    internal ToolRailOptions Copy()
    {
        var copy = (ToolRailOptions)MemberwiseClone();
        copy.Schemas = new(Schemas, StringComparer.Ordinal);
        copy.Patterns = [.. Patterns];
        return copy;
    }

    internal void Bind(IConfiguration section)
    {
        Allowed = section.GetSection(nameof(Allowed)).Exists() ? Names(section.GetSection(nameof(Allowed))) : Allowed;
        Denied = section.GetSection(nameof(Denied)).Exists() ? Names(section.GetSection(nameof(Denied))) : Denied;
        OnlyDeclared = section.GetValue(nameof(OnlyDeclared), OnlyDeclared);
        CheckArguments = section.GetValue(nameof(CheckArguments), CheckArguments);
        MostCalls = section.GetValue(nameof(MostCalls), MostCalls);
        WhenViolated = section.GetValue(nameof(WhenViolated), WhenViolated);
        ApprovalTimeLimit = section.GetValue(nameof(ApprovalTimeLimit), ApprovalTimeLimit);
    }

    private static string[] Names(IConfigurationSection section) => [.. section.GetChildren().Select(child => child.Value).OfType<string>()];
}
