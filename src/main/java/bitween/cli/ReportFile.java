package bitween.cli;

import bitween.control.client.Json;
import bitween.files.PrivateFiles;
import bitween.model.ErrorCode;
import bitween.model.UserException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.jspecify.annotations.Nullable;

/** The parts of a report, which become one zip file that only its user can read. Not thread-safe. */
final class ReportFile {
    private final Redactor redactor;
    private final Map<String, String> parts = new LinkedHashMap<>();

    ReportFile(Redactor redactor) {
        this.redactor = redactor;
    }

    void text(String name, String text) {
        parts.put(name, redactor.text(text));
    }

    void json(String name, @Nullable Object value) {
        parts.put(name, Json.write(redactor.value(value)) + "\n");
    }

    /** @return the names of the parts, with their bytes */
    Map<String, Integer> write(Path file) {
        if (Files.exists(file)) {
            throw new UserException(ErrorCode.BAD_ARGUMENT, file + " is there already", "name another one with -o");
        }
        Map<String, Integer> sizes = new LinkedHashMap<>();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes, StandardCharsets.UTF_8)) {
            for (Map.Entry<String, String> part : parts.entrySet()) {
                byte[] content = part.getValue().getBytes(StandardCharsets.UTF_8);
                zip.putNextEntry(new ZipEntry(part.getKey()));
                zip.write(content);
                zip.closeEntry();
                sizes.put(part.getKey(), content.length);
            }
        } catch (IOException e) {
            throw new IllegalStateException("memory refuses bytes", e);
        }
        PrivateFiles.write(file, bytes.toByteArray());
        return sizes;
    }
}
