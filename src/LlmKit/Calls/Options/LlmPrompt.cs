using System.Collections.ObjectModel;
using System.Globalization;
using System.Text.Json.Serialization;
using LlmKit.Calls;

namespace LlmKit;

/// <summary>The prompt that a request is made from: a template, and what is put into it.</summary>
/// <remarks>
/// Immutable, and thread-safe where its values are: keep one for each template, and give each request its own variables by
/// <c>prompt with { Variables = … }</c>. Sensitive: the variables are what users and tenants say. <c>options.WithPrompt(prompt)</c> writes it nowhere but
/// into trace records that hold texts; <see cref="ToString"/> gives names only, and as JSON it is <c>null</c>.
/// </remarks>
[JsonConverter(typeof(LlmPromptJsonConverter))]
public sealed record LlmPrompt
{
    private static readonly ReadOnlyDictionary<string, object?> None = ReadOnlyDictionary<string, object?>.Empty;

    /// <summary>Gets the name, such as <c>summarise-ticket</c>; at most 128 characters are reported.</summary>
    /// <exception cref="ArgumentException">It is blank.</exception>
    public required string Name
    {
        get;
        init
        {
            ArgumentException.ThrowIfNullOrWhiteSpace(value);
            field = value;
        }
    }

    /// <summary>Gets the version; <see langword="null"/> when it has none.</summary>
    public string? Version { get; init; }

    /// <summary>Gets the text with placeholders such as <c>{{customer}}</c>: a name of letters, digits, <c>_</c>, <c>.</c> and <c>-</c>, with blanks around it or none.</summary>
    /// <exception cref="ArgumentNullException">It is <see langword="null"/>.</exception>
    public required string Template
    {
        get;
        init
        {
            ArgumentNullException.ThrowIfNull(value);
            field = value;
        }
    }

    /// <summary>Gets the value of each placeholder; a copy of the dictionary that was given.</summary>
    /// <value>Empty by default. Names are told apart by case. Values are read when the request is made: do not change them before.</value>
    /// <exception cref="ArgumentNullException">It is <see langword="null"/>.</exception>
    public IReadOnlyDictionary<string, object?> Variables
    {
        get;
        init
        {
            ArgumentNullException.ThrowIfNull(value);
            field = new ReadOnlyDictionary<string, object?>(new Dictionary<string, object?>(value, StringComparer.Ordinal));
        }
    } = None;

    /// <summary>Puts the variables into the template. What stands in a value is not looked at again: <c>{{</c> in it is text.</summary>
    /// <remarks>Numbers and dates are put in as the invariant culture writes them, other objects as their <see cref="object.ToString"/> does.</remarks>
    /// <returns>The text to send.</returns>
    /// <exception cref="InvalidOperationException">The template names a variable that has no value.</exception>
    public string Render() => PromptText.Fill(Template, name => Variables.TryGetValue(name, out var value) ? WordOf(value)
        : throw new InvalidOperationException($"The template of the prompt '{Name}' names '{name}', which has no value. Add it to LlmPrompt.Variables."));

    /// <summary>Gives name and version: a text would be too easy to log.</summary>
    public override string ToString() => Version is null ? Name : $"{Name} {Version}";

    /// <summary>Gives what a value is in a text.</summary>
    internal static string WordOf(object? value) => value switch
    {
        null => "",
        string text => text,
        true => "true",
        false => "false",
        IFormattable formattable => formattable.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString() ?? "",
    };
}
