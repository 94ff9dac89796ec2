namespace LlmKit.Soak;

/// <summary>Counts the sockets that this process holds open, both ends of each connection to the simulator.</summary>
internal static class OpenSockets
{
    private const string Handles = "/proc/self/fd";

    /// <summary>Gives their number; <see langword="null"/> where the system does not tell.</summary>
    public static int? Count() => Directory.Exists(Handles) ? Directory.EnumerateFiles(Handles).Count(IsSocket) : null;

    private static bool IsSocket(string handle)
    {
        try
        {
            return new FileInfo(handle).LinkTarget?.StartsWith("socket:", StringComparison.Ordinal) == true;
        }
        catch (IOException)
        {
            // Closed since it was listed.
            return false;
        }
    }
}
