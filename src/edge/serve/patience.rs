//! A connection that waits for its client only so long: for a head, for the next request, for an answer to be taken.
//! hyper has one time for the silence between requests and for a head; here they are told apart.

use std::{
    future::Future,
    io,
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
};

use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::TcpStream,
    time::{Instant, Sleep, sleep},
};

use super::Limits;

/// What a connection may take, as in [`Limits`].
#[derive(Clone, Copy)]
struct Times {
    head: Duration,
    idle: Duration,
    stall: Duration,
    answer: Duration,
}

#[derive(Clone, Copy)]
enum Phase {
    /// Nothing of a next request has come.
    Idle,
    Head,
    /// Something of an answer is written, and not yet all of it handed to the kernel.
    Answer {
        end: Instant,
    },
}

pub(super) struct Patient {
    stream: TcpStream,
    times: Times,
    phase: Phase,
    /// When the present phase has taken too long.
    alarm: Pin<Box<Sleep>>,
}

impl Patient {
    /// The first head is waited for as if it had begun: who connects has something to ask.
    pub(super) fn new(stream: TcpStream, limits: &Limits) -> Self {
        Self {
            stream,
            times: Times {
                head: limits.head,
                idle: limits.idle,
                stall: limits.stall,
                answer: limits.answer,
            },
            phase: Phase::Head,
            alarm: Box::pin(sleep(limits.head)),
        }
    }

    fn enter(&mut self, phase: Phase, until: Instant) {
        self.phase = phase;
        self.alarm.as_mut().reset(until);
    }

    fn has_read(&mut self) {
        if matches!(self.phase, Phase::Idle) {
            self.enter(Phase::Head, Instant::now() + self.times.head);
        }
    }

    /// Each write that gets on renews the time for the next, but not that of the answer.
    fn has_written(&mut self) {
        let now = Instant::now();
        let end = match self.phase {
            Phase::Answer { end } => end,
            Phase::Idle | Phase::Head => now + self.times.answer,
        };
        self.enter(Phase::Answer { end }, end.min(now + self.times.stall));
    }

    /// hyper flushes once all that it has is written, and answers are made in one piece.
    fn has_flushed(&mut self) {
        if matches!(self.phase, Phase::Answer { .. }) {
            self.enter(Phase::Idle, Instant::now() + self.times.idle);
        }
    }

    /// What had to wait fails once the time is over.
    fn wait<T>(&mut self, context: &mut Context<'_>) -> Poll<io::Result<T>> {
        self.alarm
            .as_mut()
            .poll(context)
            .map(|()| Err(io::ErrorKind::TimedOut.into()))
    }

    fn wrote(&mut self, written: Poll<io::Result<usize>>, context: &mut Context<'_>) -> Poll<io::Result<usize>> {
        if written.is_pending() {
            return self.wait(context);
        }
        self.has_written();
        written
    }
}

impl AsyncRead for Patient {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let read = Pin::new(&mut self.stream).poll_read(context, buffer);
        // A head that comes byte by byte is over in time, too.
        if let Poll::Ready(Err(error)) = self.wait::<()>(context) {
            return Poll::Ready(Err(error));
        }
        if read.is_ready() {
            self.has_read();
        }
        read
    }
}

impl AsyncWrite for Patient {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write(context, bytes);
        self.wrote(written, context)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write_vectored(context, slices);
        self.wrote(written, context)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let flushed = Pin::new(&mut self.stream).poll_flush(context);
        if flushed.is_ready() {
            self.has_flushed();
        }
        flushed
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}
