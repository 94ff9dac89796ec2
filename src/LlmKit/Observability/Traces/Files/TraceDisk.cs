using Microsoft.Win32.SafeHandles;

namespace LlmKit.Observability.Traces;

/// <summary>Opens files: a place for the faults that a disk has.</summary>
internal class TraceDisk
{
    public static readonly TraceDisk Real = new();

    /// <summary>Makes a file that only its owner reads. What is written is given to the system at once.</summary>
    public virtual FileStream Create(string path, FileShare share)
    {
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, Share = share, BufferSize = 0 };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        return new(path, options);
    }

    /// <summary>Opens a file that others may write, replace or delete meanwhile.</summary>
    public virtual SafeFileHandle OpenRead(string path) => File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
}
