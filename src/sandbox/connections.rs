//! The listener and its connections, each of which can be cut at any moment.

use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::extract::connect_info::Connected;
use axum::serve::{IncomingStream, Listener};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio_util::sync::{CancellationToken, WaitForCancellationFutureOwned};

/// One client's connection, as handlers know it.
#[derive(Debug, Clone)]
pub(super) struct Connection(CancellationToken);

impl Connection {
    /// Resets the connection; nothing more is read or sent.
    pub fn cut(&self) {
        self.0.cancel();
    }
}

impl Connected<IncomingStream<'_, CuttableListener>> for Connection {
    fn connect_info(stream: IncomingStream<'_, CuttableListener>) -> Self {
        stream.remote_addr().clone()
    }
}

/// A listener whose connections are all cut when `cut_all` is cancelled.
pub(super) struct CuttableListener {
    listener: TcpListener,
    cut_all: CancellationToken,
}

impl CuttableListener {
    pub fn new(listener: TcpListener, cut_all: CancellationToken) -> Self {
        Self { listener, cut_all }
    }

    pub fn address(&self) -> io::Result<SocketAddr> {
        self.listener.local_addr()
    }
}

impl Listener for CuttableListener {
    type Io = CuttableStream;
    type Addr = Connection;

    async fn accept(&mut self) -> (CuttableStream, Connection) {
        loop {
            match self.listener.accept().await {
                Ok((stream, _)) => {
                    let token = self.cut_all.child_token();
                    return (CuttableStream::new(stream, token.clone()), Connection(token));
                }
                // Out of file handles, or a client gone before it was accepted: the next one may fare better.
                Err(_) => tokio::time::sleep(Duration::from_millis(50)).await,
            }
        }
    }

    fn local_addr(&self) -> io::Result<Connection> {
        Ok(Connection(self.cut_all.clone()))
    }
}

/// A TCP stream that turns into a reset one when its token is cancelled.
pub(super) struct CuttableStream {
    stream: TcpStream,
    token: CancellationToken,
    cancelled: Pin<Box<WaitForCancellationFutureOwned>>,
}

impl CuttableStream {
    fn new(stream: TcpStream, token: CancellationToken) -> Self {
        let cancelled = Box::pin(token.clone().cancelled_owned());
        Self {
            stream,
            token,
            cancelled,
        }
    }

    /// Returns an error if the connection was cut; otherwise wakes the task when it is cut.
    fn check(&mut self, context: &mut Context<'_>) -> io::Result<()> {
        if !self.token.is_cancelled() && self.cancelled.as_mut().poll(context).is_pending() {
            return Ok(());
        }
        // Without lingering, closing the stream resets it.
        self.stream.set_zero_linger()?;
        Err(io::ErrorKind::ConnectionReset.into())
    }
}

impl AsyncRead for CuttableStream {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        self.check(context)?;
        Pin::new(&mut self.stream).poll_read(context, buffer)
    }
}

impl AsyncWrite for CuttableStream {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        self.check(context)?;
        Pin::new(&mut self.stream).poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.check(context)?;
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.check(context)?;
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}
