namespace Quickstart;

/// <summary>The JSON files of the sample, embedded so that it runs from any folder.</summary>
internal static class BundledFile
{
    public const string Handbook = "handbook.json";
    public const string Orders = "orders.json";
    public const string Workload = "workload.json";

    public static string Read(string name)
    {
        using var reader = new StreamReader(Open(name));
        return reader.ReadToEnd();
    }

    public static Stream Open(string name) =>
        typeof(BundledFile).Assembly.GetManifestResourceStream(name)
        ?? throw new InvalidOperationException($"The file '{name}' is not embedded. Put it into the folder Data.");
}
