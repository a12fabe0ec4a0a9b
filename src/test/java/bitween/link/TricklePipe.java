package bitween.link;

import bitween.model.BytePipe;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * A pipe that gives one byte at a time.
 *
 * @param both whether it takes them one by one, too
 */
record TricklePipe(BytePipe pipe, boolean both) implements BytePipe {
    @Override
    public int read(ByteBuffer target) throws IOException {
        int limit = target.limit();
        target.limit(Math.min(limit, target.position() + 1));
        try {
            return pipe.read(target);
        } finally {
            target.limit(limit);
        }
    }

    @Override
    public void write(ByteBuffer source) throws IOException {
        int limit = source.limit();
        while (source.position() < limit) {
            source.limit(both ? source.position() + 1 : limit);
            pipe.write(source);
        }
    }

    @Override
    public void close() {
        pipe.close();
    }

    @Override
    public String path() {
        return pipe.path();
    }
}
