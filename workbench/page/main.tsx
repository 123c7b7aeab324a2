import { createRoot } from 'react-dom/client';
import { Desk } from './desk.tsx';
import { createWorkbenchClient } from './workbench-client.ts';
import './desk.css';
import './ui/controls.css';
import './printer/printer.css';
import './printer/paper.css';
import './terminal/terminal.css';
import './terminal/book.css';

const place = document.getElementById('desk');
if (place === null) throw new Error('the page has no #desk');
createRoot(place).render(<Desk client={createWorkbenchClient()} />);
