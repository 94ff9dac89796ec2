using System.Collections.Frozen;

namespace LlmKit.Models;

/// <summary>List prices and windows of known models, each with its source and date.</summary>
/// <remarks>
/// Immutable and thread-safe. The built-in entries are read from a file inside the assembly when they are first needed; a file of yours
/// overrides and extends them. A dated id (<c>name-2026-01-31</c>, <c>name-20260131</c>) finds the entry of its name when it has none of its own.
/// </remarks>
public sealed class ModelCatalogue
{
    private static readonly Lazy<ModelCatalogue> LazyBuiltIn = new(ReadBuiltIn);
    private readonly FrozenDictionary<string, CatalogueEntry> _entries;

    private ModelCatalogue(IEnumerable<KeyValuePair<string, CatalogueEntry>> entries) =>
        _entries = entries.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    /// <summary>Gets the entries that come with the library.</summary>
    public static ModelCatalogue BuiltIn => LazyBuiltIn.Value;

    /// <summary>Gets all entries, by id.</summary>
    public IEnumerable<CatalogueEntry> Entries => _entries.Values.OrderBy(entry => entry.Id, StringComparer.Ordinal);

    /// <summary>Finds a model.</summary>
    /// <param name="modelId">The provider's id, dated or not.</param>
    /// <returns>The entry, or <see langword="null"/> when the catalogue does not know the model.</returns>
    public CatalogueEntry? Find(string? modelId)
    {
        if (string.IsNullOrEmpty(modelId))
            return null;
        return _entries.GetValueOrDefault(modelId) ?? _entries.GetValueOrDefault(WithoutDate(modelId));
    }

    /// <summary>Gives a catalogue in which the entries of a JSON file stand before, and in place of, those of this one.</summary>
    /// <param name="path">The file, in the form of the built-in one.</param>
    /// <returns>The new catalogue.</returns>
    /// <exception cref="LlmConfigurationException">The file cannot be read or holds an entry that is not one.</exception>
    public ModelCatalogue With(string path)
    {
        try
        {
            using var stream = File.OpenRead(path);
            return With(CatalogueFile.Read(stream));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or System.Text.Json.JsonException or FormatException or InvalidOperationException or ArgumentException or KeyNotFoundException)
        {
            throw new LlmConfigurationException([$"The model catalogue '{Path.GetFileName(path)}' cannot be read: {exception.Message} See the built-in catalogue for its form."]);
        }
    }

    /// <summary>Gives a catalogue in which some entries stand before, and in place of, those of this one.</summary>
    /// <param name="entries">The entries.</param>
    /// <returns>The new catalogue.</returns>
    public ModelCatalogue With(IEnumerable<CatalogueEntry> entries)
    {
        ArgumentNullException.ThrowIfNull(entries);
        var all = new Dictionary<string, CatalogueEntry>(_entries, StringComparer.OrdinalIgnoreCase);
        foreach (var entry in entries)
            all[entry.Id] = entry;
        return new(all);
    }

    private static ModelCatalogue ReadBuiltIn()
    {
        using var stream = typeof(ModelCatalogue).Assembly.GetManifestResourceStream("LlmKit.Models.Catalogue.models.json")
            ?? throw new InvalidOperationException("The assembly lacks its model catalogue.");
        return new(CatalogueFile.Read(stream).Select(entry => KeyValuePair.Create(entry.Id, entry)));
    }

    private static string WithoutDate(string modelId)
    {
        var dashes = 0;
        var digits = 0;
        var end = modelId.Length;
        while (end > 0 && (char.IsAsciiDigit(modelId[end - 1]) || modelId[end - 1] == '-'))
        {
            end--;
            if (modelId[end] == '-')
                dashes++;
            else
                digits++;
            if (digits == 8 && dashes is 0 or 2 && end > 1 && modelId[end - 1] == '-')
                return modelId[..(end - 1)];
        }

        return modelId;
    }
}
